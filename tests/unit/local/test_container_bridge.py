"""What containers reach at the bridge's address is what listens on loopback."""

import asyncio
import sys

import pytest

from local.container_bridge import pass_on
from local.ports import LOOPBACK, pick_any

BRIDGE = "127.0.0.2"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a whole network of loopback addresses")
def test_a_connection_is_led_to_loopback_and_back_and_ends_with_either_side() -> None:
    async def shout(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write((await reader.read()).upper())
        writer.close()

    async def ask(port: int) -> bytes:
        reader, writer = await asyncio.open_connection(BRIDGE, port)
        writer.write(b"hello" * 50_000)
        writer.write_eof()
        answer = await reader.read()
        writer.close()
        return answer

    async def run() -> list[bytes]:
        port = pick_any()
        async with await asyncio.start_server(shout, LOOPBACK, port), await pass_on(BRIDGE, port):
            return [*await asyncio.gather(ask(port), ask(port))]

    assert asyncio.run(run()) == [b"HELLO" * 50_000] * 2
