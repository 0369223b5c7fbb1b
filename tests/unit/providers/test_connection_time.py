"""Connections are timed when one is opened, and cost nothing when one is open."""

import asyncio

from pointsman.adapters.http_sessions import HttpSessions
from pointsman.adapters.providers.aiohttp_client import AiohttpClient
from pointsman.adapters.providers.connection_time import ConnectionTimer, trace_connections
from pointsman.adapters.providers.exchange import HttpMessage


async def _serve_two_calls() -> list[int]:
    is_served = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(2):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        is_served.set()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        sessions = HttpSessions(connections=5, traces=[trace_connections()])
        took = [await _time(AiohttpClient(sessions.current), url) for _ in range(2)]
        await is_served.wait()
        await sessions.close()
    return took


async def _time(client: AiohttpClient, url: str) -> int:
    answer = await client.send(HttpMessage("GET", url, 5, 5))
    await answer.read()
    assert answer.content == b"ok"
    return answer.connection_ms


def test_only_the_call_that_opens_a_connection_pays_for_it() -> None:
    first, second = asyncio.run(_serve_two_calls())
    assert first > 0
    assert second == 0


def test_all_that_opening_takes_adds_up() -> None:
    moments = iter((0.0, 0.020, 0.030, 0.065))
    timer = ConnectionTimer(lambda: next(moments))
    for _ in range(2):
        timer.begin()
        timer.end()
    assert timer.took_ms == 55
