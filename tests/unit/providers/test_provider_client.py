"""The client: what it does when the network, the provider or the consumer misbehaves."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import aclosing

import aiohttp
import httpx
import pytest
from pointsman.adapters.providers.client import HttpProviders
from pointsman.adapters.providers.spec import load_catalog, with_base_urls
from pointsman.domain.errors import ProviderError, ProviderFailure, RegistryError, RequestError
from pointsman.domain.model_card import Endpoint
from pointsman.domain.reply import ReplyEvent, ReplyStarted, TextDelta, assemble
from pointsman.domain.request import ChatRequest, Message, TextPart, Tool

from tests.conformance.cards import card_with
from tests.fake_http import FakeHttp

CHUNK = {"id": "c1", "model": "m", "choices": [{"index": 0, "delta": {"content": "Hi"}, "finish_reason": None}]}
WHOLE = {"id": "c1", "choices": [{"index": 0, "message": {"content": "Hi"}, "finish_reason": "stop"}]}
EVENTS = {"content-type": "text/event-stream"}
DEEP = pytest.param(b"[" * 99_999, id="too deep")
Handler = Callable[[httpx.Request], Coroutine[None, None, httpx.Response]]


class Tap(httpx.AsyncByteStream):
    """Gives its pieces and notes when it is closed; a piece that is an exception is raised."""

    def __init__(self, *pieces: bytes | Exception) -> None:
        self.pieces = pieces
        self.given = 0
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            if isinstance(piece, Exception):
                raise piece
            self.given += 1
            yield piece

    def close_now(self) -> None:
        self.closed = True


def ask(text: str = "Hello", *, stream: bool = False) -> ChatRequest:
    return ChatRequest((Message("user", (TextPart(text),)),), stream=stream)


def providers(client: FakeHttp, keys: Mapping[str, str], base_urls: Mapping[str, str]) -> HttpProviders:
    return HttpProviders(with_base_urls(load_catalog(), base_urls), keys.get, client)


def call(
    handler: Handler,
    request: ChatRequest,
    *,
    row: str = "openai",
    keys: Mapping[str, str] | None = None,
    base_urls: Mapping[str, str] | None = None,
    timeout_s: float = 5,
    most: int = 100,
) -> list[ReplyEvent]:
    """The first `most` events; the consumer stops there."""

    async def run() -> list[ReplyEvent]:
        client = FakeHttp(httpx.MockTransport(handler))
        served = providers(client, {"OPENAI_API_KEY": "a-key"} if keys is None else keys, base_urls or {})
        events = list[ReplyEvent]()
        async with aclosing(served.reply(request, card_with(), Endpoint(row, "m"), timeout_s=timeout_s)) as incoming:
            async for event in incoming:
                events.append(event)
                if len(events) == most:
                    break
        return events

    return asyncio.run(run())


def fail(handler: Handler, request: ChatRequest | None = None, *, timeout_s: float = 5) -> ProviderFailure:
    with pytest.raises(ProviderError) as caught:
        call(handler, request or ask(), timeout_s=timeout_s)
    return caught.value.failure


def answering(response: httpx.Response) -> Handler:
    async def handle(_: httpx.Request) -> httpx.Response:
        return response

    return handle


def raising(error: Exception) -> Handler:
    async def handle(_: httpx.Request) -> httpx.Response:
        raise error

    return handle


def data(chunk: object) -> bytes:
    return f"data: {json.dumps(chunk)}\n\n".encode()


def test_a_consumer_who_stops_closes_the_upstream() -> None:
    tap = Tap(data(CHUNK), data(CHUNK), data(CHUNK))
    events = call(answering(httpx.Response(200, headers=EVENTS, stream=tap)), ask(stream=True), most=2)
    assert events == [ReplyStarted("c1", "m"), TextDelta("Hi")]
    assert tap.closed
    assert tap.given == 1


def test_a_failed_answer_closes_the_upstream_too() -> None:
    tap = Tap(b'{"error": {"message": "no"}}')
    fail(answering(httpx.Response(500, stream=tap)), ask(stream=True))
    assert tap.closed


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (aiohttp.ConnectionTimeoutError(""), "timeout"),
        (aiohttp.SocketTimeoutError(""), "timeout"),
        (aiohttp.ClientOSError("10.0.0.7 refused"), "unavailable"),
        (aiohttp.ServerDisconnectedError(""), "unavailable"),
    ],
)
def test_transport_errors_become_failures_that_tell_no_address(error: Exception, kind: str) -> None:
    failure = fail(raising(error))
    assert failure.kind == kind
    assert "10.0" not in failure.message


def test_an_answer_that_takes_too_long_is_given_up() -> None:
    async def dawdle(_: httpx.Request) -> httpx.Response:
        await asyncio.sleep(30)
        return httpx.Response(200, json=WHOLE)

    assert fail(dawdle, timeout_s=0.02).kind == "timeout"


def test_a_connection_lost_in_mid_stream_is_a_failure_after_the_first_events() -> None:
    tap = Tap(data(CHUNK), aiohttp.ClientPayloadError("gone"))
    assert fail(answering(httpx.Response(200, headers=EVENTS, stream=tap)), ask(stream=True)).kind == "unavailable"


def test_a_stream_that_ends_without_a_reason_is_broken() -> None:
    tap = Tap(data(CHUNK))
    assert fail(answering(httpx.Response(200, headers=EVENTS, stream=tap)), ask(stream=True)).kind == "malformed_reply"


def test_a_stream_that_says_done_without_a_reason_has_stopped() -> None:
    tap = Tap(data(CHUNK), b"data: [DONE]\n\n")
    events = call(answering(httpx.Response(200, headers=EVENTS, stream=tap)), ask(stream=True))
    assert assemble(events).choices[0].finish_reason == "stop"


@pytest.mark.parametrize("content", [b"<html>Bad gateway</html>", b"", b"[1, 2]", b'"no"', b"null", DEEP])
def test_an_error_page_of_a_proxy_is_told_by_its_status(content: bytes) -> None:
    assert fail(answering(httpx.Response(502, content=content))).kind == "unavailable"


@pytest.mark.parametrize("content", [b"<html>Hi</html>", b"", b"[1, 2]", b"{}", DEEP, b'{"choices": [7]}'])
def test_a_page_instead_of_an_answer_is_malformed(content: bytes) -> None:
    assert fail(answering(httpx.Response(200, content=content))).kind == "malformed_reply"


def test_redirects_are_not_followed_since_they_would_take_the_key_along() -> None:
    moved = httpx.Response(302, headers={"location": "https://elsewhere.example/"})
    assert fail(answering(moved)).kind == "unavailable"


def test_a_whole_answer_to_a_wish_for_a_stream_is_read_as_it_is() -> None:
    events = call(answering(httpx.Response(200, json=WHOLE)), ask(stream=True))
    assert assemble(events).choices[0].text == "Hi"


def test_blank_lines_before_a_whole_answer_are_skipped() -> None:
    kept_alive = b"\n\n\n" + json.dumps(WHOLE).encode()
    assert assemble(call(answering(httpx.Response(200, content=kept_alive)), ask())).choices[0].text == "Hi"


def test_without_its_key_a_provider_is_not_called() -> None:
    with pytest.raises(ProviderError) as caught:
        call(raising(AssertionError("called")), ask(), keys={})
    assert caught.value.failure.kind == "authentication"


@pytest.mark.parametrize(("status", "told"), [(401, 1), (403, 0), (500, 0)])
def test_a_key_that_a_provider_refuses_is_told_of_and_no_other_failure_is(status: int, told: int) -> None:
    refused = list[int]()

    async def run() -> None:
        async def answer(_request: httpx.Request) -> httpx.Response:
            return httpx.Response(status, json={"error": {"message": "no"}})

        client = FakeHttp(httpx.MockTransport(answer))
        served = HttpProviders(load_catalog(), lambda _: "key", client, on_refused=lambda: refused.append(1))
        async for _ in served.reply(ask(), card_with(), Endpoint("openai", "m"), timeout_s=5):
            pass

    with pytest.raises(ProviderError):
        asyncio.run(run())
    assert len(refused) == told


@pytest.mark.parametrize(
    ("keys_in_turn", "shown"),
    [
        pytest.param(["old", "new"], ["Bearer old", "Bearer new"], id="replaced"),
        pytest.param(["old", "old"], ["Bearer old"], id="the same"),
        pytest.param(["old", "worse"], ["Bearer old", "Bearer worse"], id="replaced in vain, tried no third time"),
    ],
)
def test_a_request_is_sent_once_more_where_its_refused_key_was_replaced(
    keys_in_turn: list[str], shown: list[str]
) -> None:
    bodies, seen = list[bytes](), list[str]()
    secrets = {"OPENAI_API_KEY": keys_in_turn[0]}

    async def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["authorization"])
        bodies.append(request.content)
        is_right = seen[-1] == "Bearer new"
        return httpx.Response(200, json=WHOLE) if is_right else httpx.Response(401, json={"error": {"message": "no"}})

    async def run() -> list[ReplyEvent]:
        served = HttpProviders(
            load_catalog(),
            secrets.get,
            FakeHttp(httpx.MockTransport(answer)),
            on_refused=lambda: secrets.update(OPENAI_API_KEY=keys_in_turn[1]),
        )
        reply = served.reply(ask(), card_with(), Endpoint("openai", "m"), timeout_s=5)
        return [event async for event in reply]

    if keys_in_turn[1] == "new":
        assert assemble(asyncio.run(run())).choices[0].text == "Hi"
    else:
        with pytest.raises(ProviderError):
            asyncio.run(run())
    assert seen == shown
    assert len(set(bodies)) == 1


def test_an_optional_key_may_be_missing() -> None:
    async def handle(request: httpx.Request) -> httpx.Response:
        assert "authorization" not in request.headers
        return httpx.Response(200, json=WHOLE)

    assert call(handle, ask(), row="vllm", keys={})


def test_a_base_url_of_one_s_own_takes_the_place_of_the_provider_s() -> None:
    async def handle(request: httpx.Request) -> httpx.Response:
        assert str(request.url) == "http://127.0.0.1:9/simulated/chat/completions"
        return httpx.Response(200, json=WHOLE)

    assert call(handle, ask(), base_urls={"openai": "http://127.0.0.1:9/simulated/"})


def test_half_a_surrogate_in_a_prompt_travels_as_it_came() -> None:
    async def handle(request: httpx.Request) -> httpx.Response:
        assert json.loads(request.content)["messages"][0]["content"] == "\ud83d"
        return httpx.Response(200, json=WHOLE)

    assert call(handle, ask("\ud83d"))


def test_a_number_that_json_does_not_have_is_the_caller_s_mistake() -> None:
    tool = Tool("f", parameters={"type": "object", "maximum": float("nan")})
    with pytest.raises(RequestError):
        call(raising(AssertionError("called")), ChatRequest(ask().messages, tools=(tool,)))


def test_a_provider_without_a_row_is_an_error_of_the_registry() -> None:
    with pytest.raises(RegistryError, match="nobody"):
        call(raising(AssertionError("called")), ask(), row="nobody")
