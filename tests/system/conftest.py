import time
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from local.folders import Folders
from local.service import RunningService, Service

Start = Callable[[Service], RunningService]


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path)


@pytest.fixture
def start(folders: Folders) -> Generator[Start]:
    """Starts a service, waits until it answers, and ends it with the test."""
    running: list[RunningService] = []

    def begin(service: Service) -> RunningService:
        running.append(RunningService.start(service, folders))
        deadline = time.monotonic() + 30
        while not running[-1].is_healthy():
            assert time.monotonic() < deadline, folders.log(service.name).read_text()
            time.sleep(0.05)
        return running[-1]

    yield begin
    for service in running:
        service.ask_to_stop()
        service.end()
