"""The client on real sockets: what a server does wrong is a failure of the right kind, and nothing is asked twice."""

import asyncio
import gzip
import json
import socket
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from pointsman.adapters.http_sessions import HttpSessions
from pointsman.adapters.providers.aiohttp_client import AiohttpClient
from pointsman.adapters.providers.client import HttpProviders
from pointsman.adapters.providers.connection_time import trace_connections
from pointsman.adapters.providers.exchange import HttpMessage
from pointsman.adapters.providers.spec import load_catalog, with_base_urls
from pointsman.domain.errors import ProviderError, ProviderFailure
from pointsman.domain.model_card import Endpoint
from pointsman.domain.reply import ReplyEvent, TextDelta, assemble
from pointsman.domain.request import ChatRequest, Message, TextPart

from tests.conformance.cards import card_with
from tests.raw_server import RawServer, Told, whole

T = TypeVar("T")
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"content-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
ANSWER = json.dumps({"id": "c1", "choices": [{"index": 0, "message": {"content": "Hi"}, "finish_reason": "stop"}]})
GOOD = whole(ANSWER.encode(), b"content-type: application/json")
CHUNK = {"id": "c1", "choices": [{"index": 0, "delta": {"content": "Hi"}, "finish_reason": None}]}
EVENT = f"data: {json.dumps(CHUNK)}\n\n".encode()
FIRST_EVENT = CHUNKED + b"%x\r\n%b\r\n" % (len(EVENT), EVENT)


def run(use: Callable[[AiohttpClient], Coroutine[Any, Any, T]]) -> T:
    async def with_client() -> T:
        sessions = HttpSessions(connections=5, traces=[trace_connections()])
        try:
            return await use(AiohttpClient(sessions.current))
        finally:
            await sessions.close()

    return asyncio.run(with_client())


async def ask(
    client: AiohttpClient, url: str, *, stream: bool = False, timeout_s: float = 5, seen: list[ReplyEvent] | None = None
) -> list[ReplyEvent]:
    providers = HttpProviders(with_base_urls(load_catalog(), {"openai": url}), lambda _: "a-key", client)
    request = ChatRequest((Message("user", (TextPart("Hello"),)),), stream=stream)
    events = [] if seen is None else seen
    async for event in providers.reply(request, card_with(), Endpoint("openai", "m"), timeout_s=timeout_s):
        events.append(event)
    return events


def fail(
    url: str, *, stream: bool = False, timeout_s: float = 5, seen: list[ReplyEvent] | None = None
) -> ProviderFailure:
    with pytest.raises(ProviderError) as caught:
        run(lambda client: ask(client, url, stream=stream, timeout_s=timeout_s, seen=seen))
    return caught.value.failure


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        pytest.param(b"", "unavailable", id="closed without a word"),
        pytest.param(b"HTTP/1.1 200 OK\r\ncontent-ty", "unavailable", id="closed within the head"),
        pytest.param(b"SSH-2.0-OpenSSH_9.6\r\n\r\n", "unavailable", id="no HTTP"),
        pytest.param(b"HTTP/1.1 9999 Well\r\n\r\n", "unavailable", id="no status"),
        pytest.param(OK + b"content-length: few\r\n\r\n", "unavailable", id="no length"),
        pytest.param(OK + b"content-length: 999\r\n\r\n{", "unavailable", id="shorter than it says"),
        pytest.param(OK + b"content-length: 2\r\n\r\n" + ANSWER.encode(), "unavailable", id="longer than it says"),
        pytest.param(CHUNKED + b"ff\r\n{", "unavailable", id="broken off within a chunk"),
        pytest.param(CHUNKED + b"zz\r\n{", "unavailable", id="a chunk without a size"),
        pytest.param(
            whole(ANSWER.encode(), b"content-encoding: gzip"), "malformed_reply", id="not compressed as it says"
        ),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_an_answer_that_is_none_is_a_failure(content: bytes, kind: str, stream: bool) -> None:
    with RawServer([Told(content, "close")]) as server:
        failure = fail(server.url, stream=stream)
    assert (failure.kind, failure.status) == (kind, None)
    assert "127.0.0.1" not in failure.message
    assert len(server.requests) == 1


def test_a_host_that_cannot_be_reached_is_unavailable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed_soon:
        refused = f"http://127.0.0.1:{closed_soon.getsockname()[1]}"
    with RawServer([Told(GOOD)]) as plain:
        for url in (refused, "http://nobody.invalid", plain.url.replace("http:", "https:"), "http://[::1", "ftp://x"):
            assert fail(url).kind == "unavailable", url


def test_a_reset_before_the_answer_and_in_the_middle_is_unavailable() -> None:
    seen = list[ReplyEvent]()
    with RawServer([Told(b"", "reset")]) as server:
        assert fail(server.url).kind == "unavailable"
    with RawServer([Told(FIRST_EVENT, "reset")]) as server:
        assert fail(server.url, stream=True, seen=seen).kind == "unavailable"
    assert TextDelta("Hi") in seen


@pytest.mark.parametrize("content", [b"", OK, CHUNKED, FIRST_EVENT])
def test_silence_is_a_timeout_wherever_it_falls(content: bytes) -> None:
    with RawServer([Told(content, "hang")]) as server:
        assert fail(server.url, stream=True, timeout_s=0.3).kind == "timeout"


def test_a_connection_is_kept_and_the_key_shown_on_each_request() -> None:
    async def ask_twice(client: AiohttpClient) -> None:
        for _ in range(2):
            assert assemble(await ask(client, server.url)).choices[0].text == "Hi"

    with RawServer([Told(GOOD)]) as server:
        run(ask_twice)
    assert (server.connections, len(server.requests)) == (1, 2)
    assert all(b"a-key" in request for request in server.requests)


@pytest.mark.parametrize("is_frozen", [False, True])
def test_a_connection_that_was_closed_meanwhile_is_no_failure(is_frozen: bool) -> None:
    """Frozen, the loop has not run since: the connection looks open."""

    async def ask_twice(client: AiohttpClient) -> None:
        await ask(client, server.url)
        if is_frozen:
            server.closed.wait(5)
            time.sleep(0.05)
        else:
            await asyncio.to_thread(server.closed.wait, 5)
            await asyncio.sleep(0.05)
        assert assemble(await ask(client, server.url)).choices[0].text == "Hi"

    with RawServer([Told(GOOD, "close")]) as server:
        run(ask_twice)
    assert (server.connections, len(server.requests)) == (2, 2)


def test_what_may_have_been_served_is_not_asked_twice() -> None:
    async def ask_twice(client: AiohttpClient) -> None:
        await ask(client, server.url)
        await ask(client, server.url)

    with RawServer([Told(GOOD), Told(b"", "close"), Told(GOOD)]) as server, pytest.raises(ProviderError) as caught:
        run(ask_twice)
    assert (caught.value.failure.kind, len(server.requests)) == ("unavailable", 2)


def test_compressed_answers_are_read_and_long_headers_taken() -> None:
    packed = whole(gzip.compress(ANSWER.encode()), b"content-encoding: gzip", b"x-policy: " + b"p" * 30_000)
    with RawServer([Told(packed)]) as server:
        assert assemble(run(lambda client: ask(client, server.url))).choices[0].text == "Hi"
    assert b"accept-encoding: gzip, deflate\r\n" in server.requests[0].lower()


def test_redirects_are_not_followed_and_cookies_not_kept() -> None:
    async def ask_twice(client: AiohttpClient) -> None:
        for _ in range(2):
            with pytest.raises(ProviderError) as caught:
                await ask(client, server.url)
            assert caught.value.failure.kind == "unavailable"

    moved = b"HTTP/1.1 302 Found\r\nlocation: /there\r\nset-cookie: a=b\r\ncontent-length: 0\r\n\r\n"
    with RawServer([Told(moved)]) as server:
        run(ask_twice)
    assert [request.split()[1] for request in server.requests] == [b"/chat/completions"] * 2
    assert not any(b"cookie" in request.lower() for request in server.requests)


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/model/us.nova-v1%3A0/converse", "/model/us.nova-v1%3A0/converse"),
        ("/f?sig=a%2Fb%3D&t=2026-11-28T00:00:00Z", "/f?sig=a%2Fb%3D&t=2026-11-28T00:00:00Z"),
        ("/a film.mp4", "/a%20film.mp4"),
        ("/f\r\nx-evil: 1", None),
    ],
)
def test_a_url_is_sent_as_it_is_written(path: str, sent: str | None) -> None:
    async def get(client: AiohttpClient) -> None:
        answer = await client.send(HttpMessage("GET", server.url + path, 5, 5))
        await answer.read()

    with RawServer([Told(GOOD)]) as server:
        run(get)
    assert b"x-evil" not in server.requests[0].partition(b"\r\n")[2]
    if sent is not None:
        assert server.requests[0].split()[1].decode() == sent


def test_a_proxy_that_the_environment_names_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with RawServer([Told(GOOD)]) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        assert assemble(run(lambda client: ask(client, "http://provider.example/v1"))).choices[0].text == "Hi"
    assert proxy.requests[0].startswith(b"POST http://provider.example/v1/chat/completions ")


def test_each_event_loop_has_a_session_of_its_own() -> None:
    sessions = HttpSessions(connections=5)

    async def current() -> Any:
        session = sessions.current()
        assert session is sessions.current()
        await sessions.close()
        return session

    assert asyncio.run(current()) is not asyncio.run(current())


def test_without_a_proxy_no_request_takes_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    async def ask_without_threads(client: AiohttpClient) -> list[ReplyEvent]:
        asyncio.get_running_loop().set_default_executor(Closed())
        return await ask(client, server.url)

    class Closed(ThreadPoolExecutor):
        def submit(self, *_: Any, **__: Any) -> Any:
            raise AssertionError("a thread was asked for")

    monkeypatch.setenv("no_proxy", "localhost")
    with RawServer([Told(GOOD)]) as server:
        assert assemble(run(ask_without_threads)).choices[0].text == "Hi"
