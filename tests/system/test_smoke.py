"""The smoke test tells an endpoint that streams from one that buffers, over real connections."""

import asyncio
import threading
from collections.abc import Generator
from contextlib import contextmanager

import pytest
import uvicorn
from pointsman.domain.reply import Finished, TextDelta
from pointsman.entrypoints.http.app import create_app
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from local import ports
from local.smoke import CHECKS, smoke
from tests.fakes import Pause, make_card, make_stage

pytestmark = pytest.mark.system
WORDS = [part for _ in range(12) for part in (Pause(0.05), TextDelta("word "))]


def router_app() -> ASGIApp:
    stage = make_stage([make_card("only")], {"acme/only": [*WORDS, Finished("stop", "end")]})
    return create_app(stage.router)


def buffered(app: ASGIApp) -> ASGIApp:
    """As behind an API Gateway that waits for the whole answer."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        kept = list[Message]()
        taken = False

        async def keep(message: Message) -> None:
            kept.append(message)

        async def receive_once() -> Message:
            nonlocal taken
            if taken:
                await asyncio.Event().wait()
            message = await receive()
            taken = not message.get("more_body", False)
            return message

        await app(scope, receive_once, keep)
        for message in kept:
            await send(message)

    return serve


def read_as_text(app: ASGIApp) -> ASGIApp:
    """As behind an API Gateway that takes no body for binary."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        async def receive_text() -> Message:
            message = await receive()
            return {**message, "body": message.get("body", b"").decode(errors="replace").encode()}

        await app(scope, receive_text, send)

    return serve


@contextmanager
def served(app: ASGIApp) -> Generator[str, None, None]:
    port = ports.pick_any()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            threading.Event().wait(0.01)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


def test_an_endpoint_that_streams_passes_every_check() -> None:
    with served(router_app()) as url:
        seen = {name: (holds, told) for name, holds, told in smoke(url, "dev")}
    assert len(seen) == len(CHECKS)
    assert {name: told for name, (holds, told) in seen.items() if not holds} == {}


def test_an_endpoint_that_buffers_is_found_out() -> None:
    with served(buffered(router_app())) as url:
        failed = {name for name, holds, _ in smoke(url, "dev") if not holds}
    assert failed == {"streams word by word", "notices that a client left"}


def test_an_endpoint_that_reads_pictures_as_text_is_found_out() -> None:
    with served(read_as_text(router_app())) as url:
        failed = {name for name, holds, _ in smoke(url, "dev") if not holds}
    assert failed == {"takes a form byte by byte"}


def test_an_endpoint_that_is_not_there_fails_every_check() -> None:
    assert [holds for _, holds, _ in smoke(f"http://127.0.0.1:{ports.pick_any()}", "dev")] == [False] * len(CHECKS)
