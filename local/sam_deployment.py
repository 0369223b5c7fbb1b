"""Deploys what `sam build` made to the AWS emulator, with the real SAM CLI. Knows nothing of what the stack does."""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml

from local.aws_emulator import REGION, AwsEmulator
from local.sam_template import load_template, resources, statements, with_parameters

ROOT = Path(__file__).parents[1]
BUILD = ROOT / ".aws-sam" / "build"
SAM = ROOT / ".venvs" / "sam" / "bin" / "sam"
STACK = "pointsman-local"
STAGE = "local"
SECRETS_PREFIX = "/pointsman/local"


class DeploymentError(RuntimeError):
    """A step failed; the text says which and how."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """A deployed stack. `env` is what an operator's commands need to reach it."""

    emulator: AwsEmulator
    outputs: Mapping[str, str]

    @property
    def env(self) -> Mapping[str, str]:
        told = dict(variable.split("=", 1) for variable in self.outputs["OperatorEnvironment"].split())
        return {**self.emulator.env, **told}

    @property
    def url(self) -> str:
        return f"{self.emulator.url}/{STAGE}"

    @property
    def host(self) -> str:
        """The emulated API Gateway tells its APIs apart by the Host header."""
        return f"{httpx.URL(self.outputs['EndpointUrl']).host.partition('.')[0]}.execute-api.localhost"

    def request(self, method: str, path: str, *, key: str, **content: Any) -> httpx.Response:
        """`content` as httpx takes it: json, or data and files."""
        headers = {"host": self.host, "authorization": f"Bearer {key}"}
        return httpx.request(method, self.url + path, headers=headers, timeout=60, trust_env=False, **content)


def deploy(emulator: AwsEmulator, *, provider_urls: Mapping[str, str]) -> Deployment:
    """DeploymentError where nothing is built or the SAM CLI fails."""
    if not (BUILD / "template.yaml").is_file():
        raise DeploymentError("nothing is built yet: run `make build` first")
    written = with_parameters(load_template(BUILD / "template.yaml"))
    template = localise(written, provider_urls=provider_urls)
    path = BUILD / "emulator.yaml"
    path.write_text(yaml.safe_dump(template, sort_keys=False))
    run_command([str(SAM), "deploy", *_options(path)], {**emulator.env, "SAM_CLI_TELEMETRY": "0"})
    (stack,) = emulator.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    return Deployment(emulator, {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]})


def localise(template: dict[str, Any], *, provider_urls: Mapping[str, str]) -> dict[str, Any]:
    """The template, changed where the emulator is not AWS.

    It has no layers under /opt, no providers, no CodeDeploy, no streamed answers, no windows of streams, no paths of
    parameters in policies, no alarms that calculate (and so no dashboard that shows them) and no saved queries. What
    CloudFormation writes `~1` for it takes as it is.
    """
    template["Resources"] = {name: kept for name, kept in template["Resources"].items() if not is_beyond_emulator(kept)}
    for function in resources(template, "AWS::Serverless::Function").values():
        variables = function["Environment"]["Variables"]
        variables["POINTSMAN_META_MODEL_DIR"] = str(BUILD / "MetaModelLayer" / "meta_model")
        variables["POINTSMAN_PROVIDER_URLS"] = json.dumps(dict(provider_urls))
        variables.pop("AWS_LAMBDA_EXEC_WRAPPER", None)
        function.pop("DeploymentPreference", None)
        function["Events"] = {
            name: event for name, event in function.get("Events", {}).items() if not is_in_windows(event)
        }
        for event in function["Events"].values():
            for name in ("ResponseTransferMode", "TimeoutInMillis"):
                event["Properties"].pop(name, None)
    for api in resources(template, "AWS::Serverless::Api").values():
        api["BinaryMediaTypes"] = [kind.replace("~1", "/") for kind in api["BinaryMediaTypes"]]
    for statement in statements(template):
        if statement["Action"] == "ssm:GetParametersByPath":
            # It authorises this one action on "*", whatever path is asked for.
            statement["Resource"] = "*"
    return template


def is_beyond_emulator(resource: dict[str, Any]) -> bool:
    if resource["Type"] in {"AWS::CloudWatch::Dashboard", "AWS::Logs::QueryDefinition"}:
        return True
    return resource["Type"] == "AWS::CloudWatch::Alarm" and "Metrics" in resource["Properties"]


def is_in_windows(event: dict[str, Any]) -> bool:
    """Whether the function needs to be told each batch's shard, which the emulator does not."""
    return "TumblingWindowInSeconds" in event["Properties"]


def run_command(command: list[str], env: Mapping[str, str]) -> str:
    """What the command prints. DeploymentError with its last words where it fails."""
    ended = subprocess.run(command, env={**os.environ, **env}, cwd=ROOT, capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        name = Path(command[0]).name
        raise DeploymentError(f"{name} {command[1]} failed:\n{ended.stdout[-2000:]}{ended.stderr[-2000:]}")
    return ended.stdout


def _options(template: Path) -> list[str]:
    where = ["--template-file", str(template), "--stack-name", STACK, "--region", REGION, "--resolve-s3"]
    consent = ["--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset", "--no-fail-on-empty-changeset"]
    return [*where, *consent, "--parameter-overrides", f"Stage={STAGE}", f"ProviderSecretsPrefix={SECRETS_PREFIX}"]
