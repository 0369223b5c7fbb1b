"""Errors that reach the app's edge, answered in the words of the family whose endpoint was asked."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pointsman.bootstrap.router import new_generation_id
from pointsman.domain.errors import PointsmanError
from pointsman.entrypoints.http.arrival import identify
from pointsman.entrypoints.problems import Problem, to_problem, unexpected_problem
from pointsman.entrypoints.wire.chat.family import CHAT
from pointsman.entrypoints.wire.family import WireFamily
from pointsman.entrypoints.wire.messages.family import MESSAGES
from pointsman.entrypoints.wire.messages.versions import HEADER as ANTHROPIC_HEADER

logger = logging.getLogger("pointsman")
# What the framework refuses by itself.
TYPE_BY_STATUS: Final = {404: "not_found", 405: "method_not_allowed"}


async def answer_pointsman_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, PointsmanError)
    return _to_response(request, to_problem(error))


async def _answer_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    kind = TYPE_BY_STATUS.get(error.status_code, "invalid_request")
    return _to_response(request, Problem(error.status_code, kind, str(error.detail), headers=error.headers or {}))


async def _answer_unexpected(request: Request, error: Exception) -> Response:
    logger.exception("unexpected failure", exc_info=error)
    return _to_response(request, unexpected_problem())


def _to_response(request: Request, problem: Problem) -> Response:
    identity: str = getattr(request.state, "id", None) or new_generation_id()
    headers = {**identify(identity), **problem.headers}
    return JSONResponse(_family_of(request).encode_problem(problem, identity), problem.status, headers)


def _family_of(request: Request) -> WireFamily[Any]:
    """Anthropic's where its client asks, be it for what all families share; else OpenAI's, whose form most know."""
    is_anthropics = "/messages" in request.url.path or ANTHROPIC_HEADER in request.headers
    return MESSAGES if is_anthropics else CHAT


ERROR_ANSWERS: Final[Mapping[type[Exception], Callable[[Request, Exception], Awaitable[Response]]]] = {
    PointsmanError: answer_pointsman_error,
    HTTPException: _answer_http_error,
    Exception: _answer_unexpected,
}
