"""The endpoint as an ASGI app: routes under /v1 and /api/v1, one error map. Knows nothing of how it is served."""

import os
import platform
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse

from pointsman.bootstrap.router import Router
from pointsman.entrypoints.http import chat, feedback, generation, key, media, messages, models, responses, videos
from pointsman.entrypoints.http.error_answers import ERROR_ANSWERS

PREFIXES = ("/v1", "/api/v1")


def create_app(router: Router | None = None) -> FastAPI:
    """Without a router the app can only describe itself."""
    app = FastAPI(title="Pointsman", version="1", lifespan=_end_well, redirect_slashes=False)
    app.state.router = router
    for prefix in PREFIXES:
        for module in (chat, messages, responses, media, videos, models, generation, feedback, key):
            app.include_router(module.routes, prefix=prefix, include_in_schema=prefix == PREFIXES[0])
    app.include_router(_health)
    for kind, answer in ERROR_ANSWERS.items():
        app.add_exception_handler(kind, answer)
    return app


@asynccontextmanager
async def _end_well(app: FastAPI) -> AsyncGenerator[None, None]:
    yield
    await app.state.router.accountant.drain()
    await app.state.router.hang_up()


_health = APIRouter()


@_health.get("/healthz")
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


def _describe_process(app: FastAPI) -> dict[str, Any]:
    """What a deployment's smoke test asks for: where this runs, and whether it came out of a snapshot."""
    return {
        "machine": platform.machine(),
        "initialization": os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE"),
        "renewed": getattr(app.state, "renewed", False),
    }
