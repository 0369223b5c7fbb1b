"""On one's own machine the functions follow their tables as they do in AWS: nobody has to start them."""

import sys
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pointsman.adapters.dynamodb.audit import put_document
from pointsman.adapters.dynamodb.live_sketches import DynamoDBLiveSketches
from pointsman.adapters.dynamodb.registry_versions import DynamoDBRegistryVersions
from pointsman.adapters.dynamodb.tables import create_table, from_item, to_item
from pointsman.adapters.seed_registry import read_seed_registry
from pointsman.domain.registry import Change

from local import ports
from local.folders import Folders
from local.service import RunningService, Service
from tests.contract.live_crowd import record

pytestmark = pytest.mark.system
TABLES = ("registry", "audit", "spend", "live")
MODEL = "openai/gpt-6-luna"


@pytest.fixture(scope="module")
def followed(client: Any, emulator_env: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Generator[None]:
    """`followed-<kind>` is the name of each table."""
    for kind in TABLES:
        create_table(client, f"followed-{kind}", kind)
    seed = replace(read_seed_registry(), version=0)
    DynamoDBRegistryVersions(client, "followed-registry").commit(seed, Change("me", datetime.now(UTC), "seed"))
    names = {f"POINTSMAN_{kind.upper()}_TABLE": f"followed-{kind}" for kind in TABLES}
    port, folders = ports.pick_any(), Folders(tmp_path_factory.mktemp("followed"))
    command = (sys.executable, "-m", "local.functions", "--port", str(port))
    env = {**emulator_env, **names, "PYTHONPATH": ":".join(sys.path), "PATH": "/usr/bin:/bin"}
    running = RunningService.start(Service("functions", command, env, f"http://127.0.0.1:{port}/"), folders)
    _wait_for(running.is_healthy, told_by=folders.log("functions"))
    yield
    running.ask_to_stop()
    running.end()


def _wait_for(condition: Callable[[], bool], *, told_by: Path | None = None) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, told_by.read_text() if told_by else ""
        time.sleep(0.1)


@pytest.mark.usefixtures("followed")
def test_a_row_edited_directly_becomes_a_version(client: Any) -> None:
    key = to_item({"kind": "model", "id": MODEL})
    row = from_item(client.get_item(TableName="followed-registry", Key=key)["Item"])
    edited = {**row, "document": {**row["document"], "weight_milli": 250}}
    client.put_item(TableName="followed-registry", Item=to_item(edited))
    versions = DynamoDBRegistryVersions(client, "followed-registry")
    _wait_for(lambda: versions.history(1)[0].number == 2)
    registry = versions.read()
    assert registry is not None
    card = registry.card(MODEL)
    assert card is not None
    assert (card.weight_milli, versions.history(1)[0].change.author) == (250, "direct edit")


@pytest.mark.usefixtures("followed")
def test_an_audit_record_reaches_the_live_figures(client: Any) -> None:
    put_document(client, "followed-audit", {**record(1), "key_id": "me", "cost_usd": "0"})
    sketches = DynamoDBLiveSketches(client, "followed-live")
    _wait_for(lambda: len(sketches.read("acme/one@acme")[0]) == 1)
