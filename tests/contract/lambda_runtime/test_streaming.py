"""What Lambda documents of its Runtime API, byte by byte: a stream's frame, its pace, its ends, and its errors."""

import asyncio
import base64
import json
import os
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import pytest
from pointsman.entrypoints.streaming_runtime.loop import serve
from pointsman.entrypoints.streaming_runtime.runtime_api import RuntimeApi, RuntimeApiError
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.contract.lambda_runtime.fake_runtime_api import Call, Event, FakeRuntimeApi

App = Callable[[Scope, Receive, Send], Awaitable[None]]
SCOPE: Scope = {"type": "http", "method": "POST", "path": "/", "headers": [], "query_string": b""}


class Handler:
    """Serves one ASGI app; events with a `whole` are answered whole with it."""

    def __init__(self, app: App) -> None:
        self.app: ASGIApp = app
        self.late_answer: Response = PlainTextResponse("too late", status_code=504)
        self.contexts: list[Any] = []
        self.settled = 0

    def __call__(self, event: Any, context: Any) -> Any:
        if event["whole"] == "fail":
            raise ValueError("no such thing")
        return {"whole": event["whole"]}

    def read_request(self, event: Mapping[str, Any], context: Any) -> tuple[Scope, bytes] | None:
        self.contexts.append(context)
        return None if "whole" in event else (dict(SCOPE), event.get("body", "").encode())

    async def settle(self) -> None:
        await asyncio.sleep(0)
        self.settled += 1

    def prime(self) -> None: ...

    def renew(self) -> None: ...


def begin(status: int = 200, headers: Sequence[tuple[bytes, bytes]] = ()) -> Message:
    return {"type": "http.response.start", "status": status, "headers": headers}


def piece(content: bytes, *, more: bool = True) -> Message:
    return {"type": "http.response.body", "body": content, "more_body": more}


def play(handler: Handler, *events: Event, cut_after: int | None = None) -> FakeRuntimeApi:
    """The runtime serves these events and ends with the Runtime API."""
    api = FakeRuntimeApi(events or (Event({}),), cut_after)
    run(api, handler)
    return api


def run(api: FakeRuntimeApi, handler: Handler) -> None:
    with api.serving(), pytest.raises(RuntimeApiError, match="410"):
        serve(RuntimeApi(api.address), handler)


def streamed(app: App, event: Event | None = None) -> Call:
    return play(Handler(app), event or Event({})).call("/response")


async def three_words(scope: Scope, receive: Receive, send: Send) -> None:
    headers = [(b"X-One", b"1"), (b"content-length", b"9"), (b"set-it", b"a"), (b"set-it", b"b")]
    await send(begin(201, headers))
    for word in (b"one", b"two"):
        await send(piece(word))
    await send(piece(b"end", more=False))


def test_a_stream_is_posted_as_documented_to_the_byte() -> None:
    call = streamed(three_words)
    assert call.target == "/2018-06-01/runtime/invocation/invocation-1/response"
    assert {name: value for name, value in call.headers.items() if name != "Host"} == {
        "Content-Type": "application/vnd.awslambda.http-integration-response",
        "Lambda-Runtime-Function-Response-Mode": "streaming",
        "Transfer-Encoding": "chunked",
        "Trailer": "Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body",
    }
    prelude = (
        b'{"statusCode":201,"headers":{"x-one":"1"},"multiValueHeaders":{"set-it":["a","b"]},"cookies":[]}'
        b"\0\0\0\0\0\0\0\0"
    )
    frame = b"%x\r\n%b\r\n" % (len(prelude), prelude)
    assert call.raw == frame + b"3\r\none\r\n3\r\ntwo\r\n3\r\nend\r\n0\r\n\r\n"


def test_a_chunk_is_on_the_wire_before_the_next_exists() -> None:
    api = FakeRuntimeApi([Event({})])

    async def arrival_of(chunks: int) -> None:
        async with asyncio.timeout(20):
            while not api.calls or len(api.calls[0].chunks()) < chunks:
                await asyncio.sleep(0.01)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send(begin())
        await arrival_of(1)
        for place, word in enumerate((b"one", b"two")):
            await send(piece(word))
            await arrival_of(place + 2)
        await send(piece(b"", more=False))

    run(api, Handler(app))
    assert api.call("/response").chunks()[1:] == [b"one", b"two"]
    assert api.call("/response").trailers() == b"\r\n"


def test_an_empty_piece_does_not_end_the_stream() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        for message in (begin(), piece(b""), piece(b"word"), piece(b"", more=False)):
            await send(message)

    assert streamed(app).raw.endswith(b"4\r\nword\r\n0\r\n\r\n")


def test_the_app_reads_the_body_once_and_then_waits_for_the_end() -> None:
    seen = list[Message]()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(await receive())
        leaving = asyncio.ensure_future(receive())
        await asyncio.sleep(0.01)
        assert not leaving.done()
        for message in (begin(), piece(b"word", more=False)):
            await send(message)
        seen.append(await leaving)

    streamed(app, Event({"body": "Zürich"}))
    assert seen == [
        {"type": "http.request", "body": "Zürich".encode(), "more_body": False},
        {"type": "http.disconnect"},
    ]


def test_an_error_in_mid_stream_is_told_by_trailers_and_the_runtime_serves_on() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send(begin())
        await send(piece(b"half an ans"))
        raise ValueError("it broke")

    api = play(Handler(app), Event({}, id="first"), Event({"whole": 1}, id="second"))
    broken = api.call("first/response")
    assert broken.chunks()[1:] == [b"half an ans"]
    kind, details, blank, rest = broken.trailers().split(b"\r\n")
    assert kind == b"Lambda-Runtime-Function-Error-Type: ValueError"
    name, _, encoded = details.partition(b": ")
    assert name == b"Lambda-Runtime-Function-Error-Body"
    told = json.loads(base64.b64decode(encoded))
    assert (told["errorType"], told["errorMessage"]) == ("ValueError", "it broke")
    assert (blank, rest) == (b"", b"")
    assert json.loads(api.call("second/response").raw) == {"whole": 1}


async def _raise_at_once(scope: Scope, receive: Receive, send: Send) -> None:
    raise ValueError("it never began")


async def _say_nothing(scope: Scope, receive: Receive, send: Send) -> None:
    return


@pytest.mark.parametrize(("app", "kind"), [(_raise_at_once, "ValueError"), (_say_nothing, "NoAnswerError")])
def test_an_error_before_the_first_byte_is_an_invocation_error(app: App, kind: str) -> None:
    call = play(Handler(app)).call("/invocation-1/error")
    assert call.headers["Lambda-Runtime-Function-Error-Type"] == kind
    assert json.loads(call.raw)["errorType"] == kind


def test_an_error_after_the_last_byte_changes_nothing_for_the_client() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send(begin())
        await send(piece(b"whole", more=False))
        raise ValueError("too late to matter")

    (call,) = play(Handler(app)).calls
    assert call.trailers() == b"\r\n"


def test_before_the_deadline_an_answer_that_has_not_begun_is_refused_in_time() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(30)

    began = time.monotonic()
    call = streamed(app, Event({}, seconds=2.3))
    assert time.monotonic() - began < 20
    assert json.loads(call.chunks()[0][:-8])["statusCode"] == 504
    assert call.chunks()[1:] == [b"too late"]


def test_before_the_deadline_an_answer_that_has_begun_is_broken_off_in_time() -> None:
    cleaned = list[str]()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send(begin())
        try:
            await asyncio.sleep(30)
        finally:
            cleaned.append("upstream closed")

    handler = Handler(app)
    call = play(handler, Event({}, seconds=2.3)).call("/response")
    assert b"Lambda-Runtime-Function-Error-Type: DeadlineReachedError" in call.trailers()
    assert (cleaned, handler.settled) == (["upstream closed"], 1)


def test_a_client_that_leaves_is_noticed_at_once_and_the_runtime_serves_on() -> None:
    noticed = list[float]()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send(begin())
        await send(piece(b"word"))
        began = time.monotonic()
        assert (await receive())["type"] == "http.disconnect"
        noticed.append(time.monotonic() - began)
        await send(piece(b"for nobody"))

    handler = Handler(app)
    api = play(handler, Event({}, id="first"), Event({"whole": 1}, id="second"), cut_after=2)
    assert noticed[0] < 20
    assert api.call("first/response").chunks()[1:] == [b"word"]
    assert json.loads(api.call("second/response").raw) == {"whole": 1}
    assert handler.settled == 1


def test_whole_answers_and_their_errors_go_the_plain_way() -> None:
    api = play(Handler(three_words), Event({"whole": "yes"}, id="first"), Event({"whole": "fail"}, id="second"))
    assert json.loads(api.call("first/response").raw) == {"whole": "yes"}
    failed = api.call("second/error")
    assert failed.headers["Lambda-Runtime-Function-Error-Type"] == "ValueError"
    assert json.loads(failed.raw)["errorMessage"] == "no such thing"


def test_the_handler_is_told_its_time_and_the_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("_X_AMZN_TRACE_ID", raising=False)
    handler = Handler(three_words)
    play(handler, Event({}, seconds=20))
    (context,) = handler.contexts
    assert context.aws_request_id == "invocation-1"
    assert context.invoked_function_arn.endswith(":live")
    assert 15_000 < context.get_remaining_time_in_millis() <= 20_000
    assert os.environ["_X_AMZN_TRACE_ID"].startswith("Root=1-")
