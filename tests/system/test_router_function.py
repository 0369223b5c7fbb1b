"""The router function as Lambda runs it: AWS's runtime, the layers' packages, DynamoDB, simulated providers."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import boto3
import pytest
from botocore.config import Config
from pointsman.settings import Settings

from local import ministack
from local.folders import Folders
from local.foundation import foundation
from local.interface_emulator import EmulatorError, LambdaRuntime, find_emulator, lambda_runtime
from local.invoke import find_function, function_environment
from local.report import Report
from local.stack import ROOT
from tests.functions.expected import EXPECTED
from tests.functions.fakes import load_event

MODEL = Path(os.environ.get("POINTSMAN_META_MODEL_DIR", ROOT / "layers" / "meta_model")) / "model.onnx"
pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(not ministack.PYTHON.exists(), reason=f"the emulator is not installed: {ministack.SETUP}"),
    pytest.mark.skipif(not MODEL.exists(), reason="the meta-model is not built: make model"),
]


@dataclass(frozen=True, slots=True)
class Running:
    runtime: LambdaRuntime
    dynamodb: Any
    log: Callable[[], str]

    def audited(self) -> int:
        return self.dynamodb.scan(TableName=Settings().audit_table, Select="COUNT")["Count"]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    try:
        find_emulator()
    except EmulatorError as missing:
        pytest.skip(str(missing))
    # Without this machine's own keys, so that DynamoDB is the emulator's and every provider simulated.
    env = {name: v for name, v in os.environ.items() if not name.startswith("AWS_") and not name.endswith("_API_KEY")}
    folder, state = find_function(Path("router_text.json")), tmp_path_factory.mktemp("stack")
    path = state / "function.log"
    with foundation({**env, "POINTSMAN_SIM_SPEED": "inf"}, Folders(state), Report()) as stack, path.open("w") as log:
        ours = function_environment(folder, stack)
        with lambda_runtime(folder, ours, log=log) as runtime:
            yield Running(runtime, _connect(ours), path.read_text)


def _connect(env: Mapping[str, str]) -> Any:
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    where = {"endpoint_url": env["AWS_ENDPOINT_URL"], "region_name": env["AWS_REGION"]}
    past_any_proxy = Config(proxies={"http": ""})
    return cast(Any, boto3).client("dynamodb", **where, **keys, config=past_any_proxy)


@pytest.mark.parametrize("name", EXPECTED)
def test_each_event_has_its_status_and_exactly_its_audit_record(running: Running, name: str) -> None:
    before = running.audited()
    reply = running.runtime.invoke(load_event(name))
    assert reply.get("statusCode") == EXPECTED[name].status, reply
    assert running.audited() - before == (EXPECTED[name].outcome is not None)


def test_an_answer_can_be_looked_up_again(running: Running) -> None:
    answered = json.loads(running.runtime.invoke(load_event("router_text"))["body"])
    event = load_event("router_unknown_generation") | {
        "queryStringParameters": {"id": answered["id"]},
        "multiValueQueryStringParameters": {"id": [answered["id"]]},
    }
    found = json.loads(running.runtime.invoke(event)["body"])["data"]
    assert (found["id"], found["model"]) == (answered["id"], answered["model"])
    assert found["total_cost"] == pytest.approx(answered["usage"]["cost"])


def test_every_request_leaves_one_line_of_metrics(running: Running) -> None:
    answered = json.loads(running.runtime.invoke(load_event("router_text"))["body"])
    lines = [json.loads(line) for line in running.log().splitlines() if line.startswith('{"_aws"')]
    (metrics,) = [line for line in lines if line["request_id"] == answered["id"]]
    assert metrics["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "Pointsman"
    assert metrics["CostUsd"] == [pytest.approx(answered["usage"]["cost"])]


def test_the_function_has_its_meta_model(running: Running) -> None:
    health = json.loads(running.runtime.invoke(load_event("router_health"))["body"])
    assert health["status"] == "ok"
    assert len(health["meta_model_sha256"]) == 64
