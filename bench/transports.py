"""`make bench-transport`: CPU time of one upstream call under httpx's API, by the transport beneath it.

Runs in an environment of its own, which has both transports and nothing of ours. The provider is a process beside it;
the transports take turns over kept-alive connections, and the least round of each counts.
"""

import asyncio
import importlib
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

ROUNDS, CALLS = 8, 100
PATHS: Mapping[str, str] = {"whole answer": "/whole", "55 events": "/stream"}
BODY = b'{"model":"m","messages":[{"role":"user","content":"' + b"x" * 500 + b'"}]}'
IMPORTS = ("import httpx", "import httpx, httpx_aiohttp")
UPSTREAM = Path(__file__).with_name("transports_upstream.py")


def main() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    upstream = subprocess.Popen([sys.executable, str(UPSTREAM), str(port)])
    try:
        asyncio.run(_compare(f"http://127.0.0.1:{port}"))
    finally:
        upstream.terminate()
        upstream.wait()
    for statement in IMPORTS:
        print(f"{statement:30} {min(_import_ms(statement) for _ in range(5)):6.0f} CPU-ms")
    return 0


async def _compare(url: str) -> None:
    limits = httpx.Limits(keepalive_expiry=60)
    # Untyped, and in this environment alone.
    aiohttp_transport: Any = importlib.import_module("httpx_aiohttp").AiohttpTransport()
    own = httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(limits=limits))
    async with own, httpx.AsyncClient(transport=aiohttp_transport) as other:
        await _wait_for(own, url)
        for name, path in PATHS.items():
            rounds = [(await _cpu_ms(own, url + path), await _cpu_ms(other, url + path)) for _ in range(ROUNDS)]
            ours, theirs = (min(figures) for figures in zip(*rounds[1:], strict=True))
            print(f"{name:14} httpx's own {ours:5.2f}  aiohttp's {theirs:5.2f} CPU-ms  ratio {theirs / ours:.2f}")


async def _wait_for(client: httpx.AsyncClient, url: str) -> None:
    for _ in range(200):
        try:
            await client.post(url + PATHS["whole answer"], content=BODY)
        except httpx.ConnectError:
            await asyncio.sleep(0.1)
        else:
            return


async def _cpu_ms(client: httpx.AsyncClient, url: str) -> float:
    began = time.process_time()
    for _ in range(CALLS):
        async with client.stream("POST", url, content=BODY) as answer:
            async for _chunk in answer.aiter_bytes():
                pass
    return (time.process_time() - began) * 1000 / CALLS


def _import_ms(statement: str) -> float:
    command = [sys.executable, "-c", f"{statement}; import time; print(time.process_time())"]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout) * 1000


if __name__ == "__main__":
    sys.exit(main())
