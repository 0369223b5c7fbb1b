"""The endpoint as an ASGI app: routes under /v1 and /api/v1, one error map. Knows nothing of how it is served."""

import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from pointsman.bootstrap.router import Router
from pointsman.domain.errors import PointsmanError
from pointsman.entrypoints.http import chat, generation, models
from pointsman.entrypoints.problems import Problem, error_body, to_problem, unexpected_problem

logger = logging.getLogger("pointsman")
PREFIXES = ("/v1", "/api/v1")
# What the framework refuses by itself.
TYPE_BY_STATUS = {404: "not_found", 405: "method_not_allowed"}


def create_app(router: Router | None = None) -> FastAPI:
    """Without a router the app can only describe itself."""
    app = FastAPI(title="Pointsman", version="1", lifespan=_drain_at_the_end, redirect_slashes=False)
    app.state.router = router
    for prefix in PREFIXES:
        for module in (chat, models, generation):
            app.include_router(module.routes, prefix=prefix, include_in_schema=prefix == PREFIXES[0])
    app.include_router(_health)
    app.add_exception_handler(PointsmanError, _answer_pointsman_error)
    app.add_exception_handler(HTTPException, _answer_http_error)
    app.add_exception_handler(Exception, _answer_unexpected)
    return app


@asynccontextmanager
async def _drain_at_the_end(app: FastAPI) -> AsyncGenerator[None, None]:
    yield
    await app.state.router.accountant.drain()


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
    }
    return JSONResponse(body)


def to_response(problem: Problem) -> JSONResponse:
    return JSONResponse(problem.body, status_code=problem.status, headers=dict(problem.headers))


async def _answer_pointsman_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, PointsmanError)
    return to_response(to_problem(error))


async def _answer_http_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    kind = TYPE_BY_STATUS.get(error.status_code, "invalid_request")
    body = error_body(error.status_code, kind, str(error.detail))
    return JSONResponse(body, status_code=error.status_code, headers=error.headers)


async def _answer_unexpected(_request: Request, error: Exception) -> Response:
    logger.exception("unexpected failure", exc_info=error)
    return to_response(unexpected_problem())
