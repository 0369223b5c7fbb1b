"""The endpoint as an ASGI app: routes under /v1 and /api/v1, one error map. Knows nothing of how it is served."""

import os
import platform
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from pointsman.bootstrap.router import Router
from pointsman.entrypoints.http import chat, feedback, generation, key, media, messages, models, responses, videos
from pointsman.entrypoints.http.error_answers import ERROR_ANSWERS

PREFIXES = ("/v1", "/api/v1")


def create_app(router: Router | None = None) -> Starlette:
    """Without a router the app can only name its routes."""
    routes = [route for prefix in PREFIXES for route in routes_under(prefix)]
    app = Starlette(routes=[*routes, HEALTH], lifespan=_end_well, exception_handlers=dict(ERROR_ANSWERS))
    app.router.redirect_slashes = False
    app.state.router = router
    return app


def routes_under(prefix: str) -> list[Route]:
    families = (chat, messages, responses, media, videos, models, generation, feedback, key)
    routes = (route for family in families for route in family.ROUTES)
    return [Route(prefix + route.path, route.endpoint, methods=list(route.methods or ())) for route in routes]


@asynccontextmanager
async def _end_well(app: Starlette) -> AsyncGenerator[None, None]:
    yield
    await app.state.router.accountant.drain()
    await app.state.router.hang_up()


async def healthz(request: Request) -> JSONResponse:
    """Ready to route: the registry can be read and the meta-model is loaded."""
    outside = request.app.state.router.outside
    registry = await outside.registry.current()
    body = {
        "status": "degraded" if outside.meta_model.is_degraded else "ok",
        "registry_version": registry.version,
        "models": len(registry.cards),
        "meta_model_sha256": outside.meta_model.sha256,
        "process": _describe_process(request.app),
    }
    return JSONResponse(body)


def _describe_process(app: Starlette) -> dict[str, Any]:
    """What a deployment's smoke test asks for: where this runs, and whether it came out of a snapshot."""
    return {
        "machine": platform.machine(),
        "initialization": os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE"),
        "renewed": getattr(app.state, "renewed", False),
    }


HEALTH: Final = Route("/healthz", healthz, methods=["GET"])
