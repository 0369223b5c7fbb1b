"""`sam local start-api` on what was built, its functions' references replaced by what the local stack has."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from local.container_bridge import HOST
from local.ports import LOOPBACK
from local.sam_deployment import BUILD, SAM, DeploymentError
from local.sam_template import functions, load_template, with_parameters
from local.service import Service
from local.stack import Stack

IMAGE = "public.ecr.aws/lambda/python:3.13-x86_64"
TEMPLATE = BUILD / "start_api.yaml"
SECRETS_PREFIX = "/pointsman/start-api"
# SAM's stand-in for API Gateway takes whole answers only, which Lambda's own runtime gives.
_UNWANTED = ("AWS_LAMBDA_EXEC_WRAPPER",)


def write_template(stack: Stack) -> Path:
    """DeploymentError where nothing is built."""
    if not (BUILD / "template.yaml").is_file():
        raise DeploymentError("nothing is built yet: run `make build` first")
    built = with_parameters(load_template(BUILD / "template.yaml"))
    TEMPLATE.write_text(yaml.safe_dump(settle(built, local_variables(stack)), sort_keys=False))
    return TEMPLATE


def local_variables(stack: Stack) -> Mapping[str, str]:
    """Where a container finds DynamoDB, SSM and the simulated providers. No secret: those lie in SSM."""
    urls = {name: _from_container(url) for name, url in stack.providers.urls.items()}
    return {
        "AWS_ENDPOINT_URL": _from_container(stack.api.env["AWS_ENDPOINT_URL"]),
        "POINTSMAN_PROVIDER_URLS": json.dumps(urls),
        "POINTSMAN_SECRETS_PREFIX": SECRETS_PREFIX,
    }


def settle(template: dict[str, Any], variables: Mapping[str, str]) -> dict[str, Any]:
    """The template with `variables` in all functions. SAM resolves no reference: there the settings' defaults hold."""
    for function in functions(template).values():
        declared = function["Environment"]["Variables"]
        referring = [name for name, value in declared.items() if isinstance(value, dict) or name in _UNWANTED]
        for name in referring:
            del declared[name]
        declared.update(variables)
    return template


def plan_start_api(template: Path, stack: Stack, *, port: int) -> Service:
    where = ("--template", str(template), "--port", str(port), "--warm-containers", "LAZY")
    names = ("--add-host", f"{HOST}:host-gateway")
    pulled = ("--skip-pull-image",) if _has_image() else ()
    return Service(
        name="sam",
        command=(str(SAM), "local", "start-api", *where, *names, *pulled),
        env={**_without_variables(stack.api.env), "SAM_CLI_TELEMETRY": "0"},
        health_url=f"http://{LOOPBACK}:{port}/healthz",
        # The first question builds an image of the layers, the first of all pulls Lambda's.
        start_timeout_s=900.0,
    )


def _without_variables(env: Mapping[str, str]) -> Mapping[str, str]:
    """SAM would give the shell's to the functions, in place of the template's."""
    return {name: value for name, value in env.items() if not name.startswith(("AWS_ENDPOINT_URL", "POINTSMAN_"))}


def _from_container(url: str) -> str:
    return url.replace(f"//{LOOPBACK}:", f"//{HOST}:")


def _has_image() -> bool:
    found = subprocess.run(["docker", "image", "inspect", IMAGE], capture_output=True, check=False)
    return found.returncode == 0
