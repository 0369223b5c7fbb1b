"""The supervisor over real processes: small HTTP servers that answer with their own process id."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from rich.console import Console

from local import ports
from local.folders import Folders
from local.report import Report
from local.service import RunningService, Service, ServiceFailedError
from local.supervisor import StopRequestedError, Supervisor

pytestmark = pytest.mark.system

SERVER = """
import http.server, os, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(str(os.getpid()).encode())
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


class Scene:
    """A supervisor and what it has said."""

    def __init__(self, root: Path) -> None:
        self.folders = Folders(root)
        self._console = Console(record=True, file=(root / "said.txt").open("w"), width=300)
        self.stop = threading.Event()
        self.supervisor = Supervisor(self.folders, Report(self._console), self.stop)

    def said(self) -> str:
        return self._console.export_text(clear=False)

    def close(self) -> None:
        self.stop.set()
        self.supervisor.stop()
        self._console.file.close()


@pytest.fixture
def scene(tmp_path: Path) -> Generator[Scene]:
    made = Scene(tmp_path)
    yield made
    made.close()


def server(name: str = "server") -> Service:
    port = ports.pick_any()
    return Service(name, (sys.executable, "-c", SERVER, str(port)), os.environ, f"http://127.0.0.1:{port}/")


def program(code: str, *, health_url: str | None = None) -> Service:
    return Service("program", (sys.executable, "-c", code), os.environ, health_url)


def ask(service: Service) -> int | None:
    """The id of the process that answers, if any does."""
    assert service.health_url is not None
    try:
        with ports.open_directly(service.health_url, timeout_s=2) as reply:
            return int(reply.read())
    except OSError:
        return None


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 15
    while not what():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def test_services_answer_once_started_and_are_gone_once_stopped(scene: Scene) -> None:
    services = [server("one"), server("two")]
    scene.supervisor.start(services)
    assert all(ask(service) for service in services)
    scene.supervisor.stop()
    assert not any(ask(service) for service in services)
    assert all(scene.folders.claim(service.name).is_free() for service in services)


def test_a_killed_service_is_started_again_and_the_person_is_told(scene: Scene) -> None:
    service = server()
    scene.supervisor.start([service])
    first = ask(service)
    assert first is not None
    watching = threading.Thread(target=scene.supervisor.watch)
    watching.start()
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: ask(service) not in (None, first))
    scene.stop.set()
    watching.join()
    assert "server died (signal 9): starting it again" in scene.said()


def test_a_service_that_keeps_dying_is_given_up_with_its_last_words(scene: Scene) -> None:
    alive = server("alive")
    scene.supervisor.start([alive])
    brittle = program("import sys; sys.exit('no luck')", health_url=alive.health_url)
    with pytest.raises(ServiceFailedError, match=r"(?s)program keeps dying.*no luck"):
        scene.supervisor.start([brittle])
        scene.supervisor.watch()


def test_a_service_that_fails_to_start_is_told_with_its_last_words(scene: Scene) -> None:
    with pytest.raises(ServiceFailedError, match=r"(?s)program failed \(exit code 1\).*no luck"):
        scene.supervisor.start([program("import sys; sys.exit('no luck')", health_url="http://127.0.0.1:1/")])


def test_a_task_is_done_when_it_ends_and_is_not_watched(scene: Scene, tmp_path: Path) -> None:
    scene.supervisor.run(program(f"open({str(tmp_path / 'done')!r}, 'w')"))
    assert (tmp_path / "done").exists()
    threading.Timer(0.3, scene.stop.set).start()
    scene.supervisor.watch()
    assert "died" not in scene.said()


def test_a_stop_during_a_start_is_obeyed_and_leaves_nothing(scene: Scene) -> None:
    threading.Timer(0.3, scene.stop.set).start()
    slow = program("import time; time.sleep(60)", health_url="http://127.0.0.1:1/")
    with pytest.raises(StopRequestedError):
        scene.supervisor.start([slow])
    scene.supervisor.stop()
    assert scene.folders.claim(slow.name).is_free()


def test_a_service_that_will_not_end_is_killed(scene: Scene) -> None:
    deaf = program("import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True); time.sleep(60)")
    running = RunningService.start(Service(deaf.name, deaf.command, deaf.env, grace_s=0.2), scene.folders)
    wait_for(lambda: scene.folders.log(deaf.name).read_text() != "")
    running.ask_to_stop()
    running.end()
    assert running.exit_code == -9


def test_what_an_earlier_run_left_behind_is_found_and_ended(scene: Scene) -> None:
    service = server()
    scene.supervisor.start([service])
    next_run = Folders(scene.folders.root)
    assert next_run.find_leftovers() == ("server",)
    next_run.end_leftovers()
    assert next_run.find_leftovers() == ()
    assert ask(service) is None
