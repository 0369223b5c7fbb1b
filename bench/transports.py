"""`make bench-transport`: CPU time of one upstream call, by HTTP client.

Runs in an environment of its own, which has all of them and nothing of ours. The provider is a process beside it; the
clients take turns over kept-alive connections, and the least round of each counts.
"""

import asyncio
import importlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx

ROUNDS, CALLS = 8, 100
PATHS: Mapping[str, str] = {"whole answer": "/whole", "55 events": "/stream"}
BODY = b'{"model":"m","messages":[{"role":"user","content":"' + b"x" * 500 + b'"}]}'
HEADERS = {"content-type": "application/json", "authorization": "Bearer simulated"}
IMPORTS = ("httpx", "aiohttp", "pyreqwest.client")
UPSTREAM = Path(__file__).with_name("transports_upstream.py")
Ask = Callable[[str], Awaitable[None]]

# Untyped, and in this environment alone.
aiohttp, httpx_aiohttp, pyreqwest = (
    importlib.import_module(name) for name in ("aiohttp", "httpx_aiohttp", "pyreqwest.client")
)


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
    for name in IMPORTS:
        print(f"import {name:23} {min(_import_ms(name) for _ in range(5)):6.0f} CPU-ms")
    return 0


async def _compare(url: str) -> None:
    async with AsyncExitStack() as stack:
        clients = await _open_all(stack)
        await _wait_for(url)
        for name, path in PATHS.items():
            rounds = [[await _cpu_ms(ask, url + path) for ask in clients.values()] for _ in range(ROUNDS)]
            least = [min(figures) for figures in zip(*rounds[1:], strict=True)]
            for client, cpu_ms in zip(clients, least, strict=True):
                print(f"{name:14} {client:24} {cpu_ms:5.2f} CPU-ms  of httpx's {cpu_ms / least[0]:.2f}")


async def _open_all(stack: AsyncExitStack) -> Mapping[str, Ask]:
    limits = httpx.Limits(keepalive_expiry=60)
    own = await stack.enter_async_context(httpx.AsyncClient(limits=limits))
    mixed = await stack.enter_async_context(httpx.AsyncClient(transport=httpx_aiohttp.AiohttpTransport()))
    session = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()))
    rust = await stack.enter_async_context(pyreqwest.ClientBuilder().build())
    return {
        "httpx": lambda url: _ask_httpx(own, url),
        "httpx, aiohttp beneath": lambda url: _ask_httpx(mixed, url),
        "aiohttp": lambda url: _ask_aiohttp(session, url),
        "pyreqwest": lambda url: _ask_pyreqwest(rust, url),
    }


async def _ask_httpx(client: httpx.AsyncClient, url: str) -> None:
    async with client.stream("POST", url, content=BODY, headers=HEADERS) as answer:
        async for _chunk in answer.aiter_bytes():
            pass


async def _ask_aiohttp(session: Any, url: str) -> None:
    async with session.post(url, data=BODY, headers=HEADERS, allow_redirects=False) as answer:
        async for _chunk in answer.content.iter_any():
            pass


async def _ask_pyreqwest(client: Any, url: str) -> None:
    async with client.post(url).body_bytes(BODY).headers(HEADERS).build_streamed() as answer:
        while await answer.body_reader.read_chunk() is not None:
            pass


async def _wait_for(url: str) -> None:
    async with httpx.AsyncClient() as client:
        for _ in range(200):
            try:
                await _ask_httpx(client, url + PATHS["whole answer"])
            except httpx.ConnectError:
                await asyncio.sleep(0.1)
            else:
                return


async def _cpu_ms(ask: Ask, url: str) -> float:
    began = time.process_time()
    for _ in range(CALLS):
        await ask(url)
    return (time.process_time() - began) * 1000 / CALLS


def _import_ms(name: str) -> float:
    command = [sys.executable, "-c", f"import {name}; import time; print(time.process_time())"]
    # As in the layers, with byte code.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return float(subprocess.run(command, capture_output=True, text=True, check=True, env=env).stdout) * 1000


if __name__ == "__main__":
    sys.exit(main())
