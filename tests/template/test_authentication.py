"""Behind API Gateway, which asks nobody who he is, every route asks for a key, or is declared public here."""

import asyncio

import httpx
import pytest
from pointsman.entrypoints.http.app import create_app
from starlette.routing import Route

from tests.fakes import make_card, make_stage

PUBLIC = {"/healthz"}


def _status_without_key(method: str, path: str) -> int:
    async def call() -> int:
        app = create_app(make_stage([make_card("one")]).router)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return (await client.request(method, path, content=b"{}")).status_code

    return asyncio.run(call())


def _routes() -> list[tuple[str, str]]:
    """Every method and path that the app answers."""
    routes = [route for route in create_app().routes if isinstance(route, Route)]
    return [(method, route.path) for route in routes for method in sorted(route.methods or ())]


@pytest.mark.parametrize(("method", "path"), _routes())
def test_a_route_asks_for_a_key_or_is_declared_public(method: str, path: str) -> None:
    assert (_status_without_key(method, path) != 401) == (path in PUBLIC)


def test_what_is_declared_public_exists_and_is_not_all() -> None:
    paths = {path for _, path in _routes()}
    assert paths > PUBLIC
    assert {"/v1/chat/completions", "/api/v1/chat/completions", "/v1/generation"} <= paths
