"""Connections are timed when one is opened, and cost nothing when one is open."""

import asyncio

import httpx
from pointsman.adapters.providers.connection_time import ConnectionTimer, time_connection
from pointsman.adapters.providers.line import open_http_client


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
        async with open_http_client() as client:
            took = [await _time(client, url) for _ in range(2)]
        await is_served.wait()
    return took


async def _time(client: httpx.AsyncClient, url: str) -> int:
    message = client.build_request("GET", url)
    timer = time_connection(message)
    assert (await client.send(message)).text == "ok"
    return timer.took_ms


def test_only_the_call_that_opens_a_connection_pays_for_it() -> None:
    first, second = asyncio.run(_serve_two_calls())
    assert first > 0
    assert second == 0


def test_reaching_the_host_and_agreeing_on_keys_add_up() -> None:
    moments = iter((0.0, 0.020, 0.030, 0.065))
    timer = ConnectionTimer(lambda: next(moments))

    async def open_connection() -> None:
        for step in ("connect_tcp.started", "connect_tcp.complete", "start_tls.started", "start_tls.complete"):
            await timer(f"connection.{step}", {})

    asyncio.run(open_connection())
    assert timer.took_ms == 55


def test_what_else_a_request_carries_is_kept() -> None:
    message = httpx.Request("GET", "http://test", extensions={"timeout": {"connect": 5}})
    time_connection(message)
    assert message.extensions["timeout"] == {"connect": 5}
