"""Behind API Gateway, which asks nobody who he is, every route asks for a key, or is declared public here."""

import asyncio
from typing import Any

import httpx
import pytest
from pointsman.adapters.dynamodb.keys import SingleApiKey
from pointsman.bootstrap.control import Control
from pointsman.bootstrap.registry import RegistryDesk
from pointsman.entrypoints.control_http.app import PREFIX, create_control_app
from pointsman.entrypoints.http.app import create_app
from starlette.routing import Route
from starlette.types import ASGIApp

from local.sam_template import functions
from tests.fakes import make_card, make_stage

PUBLIC = {"/healthz"}


def _router_app() -> ASGIApp:
    return create_app(make_stage([make_card("one")]).router)


def _control_app() -> ASGIApp:
    def open_desk(author: str) -> RegistryDesk:
        raise AssertionError(f"the registry's desk is open to {author}")

    return create_control_app(Control(SingleApiKey("an operator's"), open_desk))


def _status_without_key(app: ASGIApp, method: str, path: str) -> int:
    async def call() -> int:
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
    assert (_status_without_key(_router_app(), method, path) != 401) == (path in PUBLIC)


def _control_routes() -> list[tuple[str, str]]:
    """Those that it describes. What FastAPI serves beside them API Gateway passes on to nobody."""
    described: dict[str, dict[str, Any]] = create_control_app().openapi()["paths"]
    return [(method.upper(), path) for path, methods in described.items() for method in methods]


@pytest.mark.parametrize(("method", "path"), _control_routes())
def test_a_route_of_the_control_plane_asks_for_a_key(method: str, path: str) -> None:
    assert path.startswith(f"{PREFIX}/")
    assert _status_without_key(_control_app(), method, path) == 401


def test_the_control_plane_has_routes() -> None:
    assert ("POST", f"{PREFIX}/registry/changes") in _control_routes()


def test_api_gateway_passes_on_no_path_beside_those_that_ask(template: dict[str, Any]) -> None:
    declared = {
        (name, event["Properties"]["Path"])
        for name, function in functions(template).items()
        for event in function["Events"].values()
        if event["Type"] == "Api"
    }
    router = {("RouterFunction", path) for path in ("/v1/{proxy+}", "/api/v1/{proxy+}", *PUBLIC)}
    assert declared == router | {("ControlFunction", f"{PREFIX}/{{proxy+}}")}


def test_what_is_declared_public_exists_and_is_not_all() -> None:
    paths = {path for _, path in _routes()}
    assert paths > PUBLIC
    assert {"/v1/chat/completions", "/api/v1/chat/completions", "/v1/generation"} <= paths
