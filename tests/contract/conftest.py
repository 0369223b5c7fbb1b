"""An embedded DynamoDB for the module's tests, and a new table for each."""

import os
import time
from collections.abc import Generator
from typing import Any

import pytest
from pointsman.adapters.dynamodb.tables import connect, create_table

from local import ministack, ports
from local.folders import Folders
from local.service import RunningService


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Generator[Any]:
    port = ports.pick_any()
    folders = Folders(tmp_path_factory.mktemp("contract"))
    running = RunningService.start(ministack.emulator(folders, port=port), folders)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ENDPOINT_URL", ministack.endpoint(port))
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            environment.setenv(name, "test")
        environment.setenv("AWS_DEFAULT_REGION", os.environ.get("AWS_REGION", "us-east-1"))
        deadline = time.monotonic() + 30
        while not running.is_healthy():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield connect()
    running.ask_to_stop()
    running.end()


@pytest.fixture
def table(client: Any, request: pytest.FixtureRequest) -> str:
    """A new table of the kind that the test's name ends with."""
    kind = request.node.name.rsplit("_", 1)[-1]
    create_table(client, request.node.name, kind)
    return str(request.node.name)
