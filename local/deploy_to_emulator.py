"""`make deploy-local`: the built stack on a local AWS emulator, equipped as an operator does it, and asked a question.

IAM policies are enforced there, so that a permission which the router lacks shows.
"""

import os
import secrets
import sys
from pathlib import Path
from typing import Any

import httpx

from local import ports
from local.aws_emulator import AwsEmulator, AwsEmulatorMissingError
from local.folders import Folders
from local.foundation import StackBusyError, plan_foundation, supervised
from local.picture import PICTURE
from local.report import Report
from local.sam_deployment import ROOT, SECRETS_PREFIX, Deployment, DeploymentError, deploy, run_command
from local.service import ServiceFailedError
from local.supervisor import Supervisor

POINTSMAN = Path(sys.executable).with_name("pointsman")
# The official SDK has an environment of its own.
OPENAI_PYTHON = ROOT / ".venvs" / "client-openai" / "bin" / "python"
OPENAI_PROGRAM = """
import sys
from openai import OpenAI
url, host, key = sys.argv[1:]
client = OpenAI(base_url=url, api_key=key, default_headers={"Host": host}, max_retries=0)
messages = [{"role": "user", "content": "Why is the sky blue?"}]
whole = client.chat.completions.create(model="auto", messages=messages)
pieces = list(client.chat.completions.create(model="auto", messages=messages, stream=True))
assert whole.choices[0].message.content, whole
assert any(piece.choices and piece.choices[0].delta.content for piece in pieces), pieces
print(f"served by {whole.model}; streamed in {len(pieces)} events")
"""
QUESTION: dict[str, Any] = {
    "model": "auto",
    "messages": [{"role": "user", "content": "Why is the sky blue?"}],
    "routing": {},
}
WISH = {"model": "auto", "prompt": "Make it green."}

REFUSALS = (AwsEmulatorMissingError, DeploymentError, ServiceFailedError, StackBusyError)


def main() -> int:
    report, folders = Report(), Folders(ROOT / ".pointsman" / "deploy")
    try:
        with supervised(folders, report) as supervisor:
            _ask(_bring_up(supervisor, folders, report), report)
    except REFUSALS as error:
        report.complain(str(error))
        return 1
    return 0


def _bring_up(supervisor: Supervisor, folders: Folders, report: Report) -> Deployment:
    emulator = AwsEmulator(ports.pick(8400))
    stack = plan_foundation({**os.environ, **emulator.env}, folders)
    with report.step("AWS emulator and simulated providers"):
        supervisor.start([emulator.service(), *stack.simulators])
    with report.step("sam deploy"):
        return deploy(emulator, provider_urls=stack.providers.urls)


def _ask(deployment: Deployment, report: Report) -> None:
    with report.step("Pepper, registry and a first key"):
        key = _equip(deployment)
    answer = deployment.request("POST", "/v1/chat/completions", key=key, json=QUESTION)
    report.say(f"POST /v1/chat/completions: {answer.status_code}, {_summarise(answer)}")
    record = deployment.request("GET", f"/v1/generation?id={answer.headers.get('x-generation-id', '')}", key=key)
    report.say(f"GET /v1/generation, its audit record: {record.status_code}")
    report.say(f"OpenAI's SDK: {_ask_by_sdk(deployment, key)}")
    edited = deployment.request("POST", "/v1/images/edits", key=key, data=WISH, files={"image[]": PICTURE})
    report.say(f"POST /v1/images/edits, a form with a picture: {edited.status_code}")
    refused = deployment.request("GET", "/v1/models", key="wrong")
    report.say(f"GET /v1/models with a wrong key: {refused.status_code}")
    if [each.status_code for each in (answer, record, edited, refused)] != [200, 200, 200, 401]:
        raise DeploymentError("the deployed endpoint did not answer as it should")


def _equip(deployment: Deployment) -> str:
    """Give the deployment what it needs before its first request; returns an API key."""
    pepper = {"Name": f"{SECRETS_PREFIX}/POINTSMAN_KEY_PEPPER", "Value": secrets.token_hex(32), "Type": "SecureString"}
    deployment.emulator.client("ssm").put_parameter(**pepper)
    run_command([str(POINTSMAN), "registry", "seed", "registry"], deployment.env)
    return run_command(
        [str(POINTSMAN), "keys", "create", "first", "--requests-per-minute", "60"], deployment.env
    ).strip()


def _ask_by_sdk(deployment: Deployment, key: str) -> str:
    command = [str(OPENAI_PYTHON), "-c", OPENAI_PROGRAM, f"{deployment.url}/v1", deployment.host, key]
    return run_command(command, deployment.env).strip()


def _summarise(answer: httpx.Response) -> str:
    if not answer.is_success:
        return answer.text
    completion = answer.json()
    ledger = completion["routing"]
    return f"served by {completion['model']} ({ledger['reason']}), {ledger['cost_usd']} USD, {ledger['total_ms']} ms"


if __name__ == "__main__":
    sys.exit(main())
