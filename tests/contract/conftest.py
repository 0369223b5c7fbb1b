"""The embedded emulator, once for all contract tests, and a new table for each."""

import time
from collections.abc import Generator, Mapping
from typing import Any

import pytest
from pointsman.adapters.dynamodb.tables import connect, create_table

from local import ministack, ports
from local.folders import Folders
from local.service import RunningService


@pytest.fixture(scope="session")
def emulator_env(tmp_path_factory: pytest.TempPathFactory) -> Generator[Mapping[str, str]]:
    """The variables with which a process reaches the emulator."""
    if not ministack.PYTHON.exists():
        pytest.skip(f"the emulator is not installed: {ministack.SETUP}")
    port = ports.pick_any()
    folders = Folders(tmp_path_factory.mktemp("contract"))
    running = RunningService.start(
        ministack.emulator(folders, port=port, services="dynamodb,dynamodbstreams,sqs"), folders
    )
    deadline = time.monotonic() + 30
    while not running.is_healthy():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    yield {
        "AWS_ENDPOINT_URL": ministack.endpoint(port),
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_REGION": "us-east-1",
    }
    running.ask_to_stop()
    running.end()


@pytest.fixture(scope="session")
def client(emulator_env: Mapping[str, str]) -> Any:
    with pytest.MonkeyPatch.context() as environment:
        for name, value in emulator_env.items():
            environment.setenv(name, value)
        return connect()


@pytest.fixture
def table(client: Any, request: pytest.FixtureRequest) -> str:
    """A new table of the kind that the test's name ends with."""
    kind = request.node.originalname.rsplit("_", 1)[-1]
    name = "".join(letter if letter.isalnum() else "-" for letter in request.node.name)
    create_table(client, name, kind)
    return name
