import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from local.simulated_providers.dialects import DIALECTS
from local.simulated_providers.pace import Clock, Pace
from local.simulated_providers.server import create_app

Send = Callable[..., httpx.Response]


@pytest.fixture
def openai() -> Send:
    return _sender({"authorization": "Bearer simulated"})


@pytest.fixture
def anthropic() -> Send:
    return _sender({"x-api-key": "simulated", "anthropic-version": "2023-06-01"})


@pytest.fixture
def gemini() -> Send:
    return _sender({"x-goog-api-key": "simulated"})


@pytest.fixture
def cohere() -> Send:
    return _sender({"authorization": "Bearer simulated"})


def _sender(key: dict[str, str]) -> Send:
    """Posts to simulated providers that waits for nothing; `headers` replaces the key."""
    app = create_app(
        DIALECTS.values(),
        clock=Clock(float("inf")),
        reset_connection=lambda _address: None,
        keyless=frozenset({"ollama"}),
        known_models={"picky": {"known-model": Pace(100, 100)}},
    )

    def send(path: str, body: Any = None, *, method: str = "POST", headers: dict[str, str] | None = None) -> Any:
        async def request() -> httpx.Response:
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://simulator") as client:
                content = body if isinstance(body, bytes) else None
                json = None if isinstance(body, bytes) else body
                return await client.request(method, path, json=json, content=content, headers=headers or key)

        return asyncio.run(request())

    return send
