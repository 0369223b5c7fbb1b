"""Errors that reach the app's edge, answered in the words of the family whose endpoint was asked."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from pointsman.bootstrap.router import new_generation_id
from pointsman.domain.errors import PointsmanError
from pointsman.entrypoints.http.arrival import identify
from pointsman.entrypoints.problems import Problem, to_problem, unexpected_problem
from pointsman.entrypoints.wire.chat.problem import encode_problem

logger = logging.getLogger("pointsman")
# What the framework refuses by itself.
TYPE_BY_STATUS: Final = {404: "not_found", 405: "method_not_allowed"}


async def _answer_pointsman_error(request: Request, error: Exception) -> Response:
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
    headers = {**identify(getattr(request.state, "id", None) or new_generation_id()), **problem.headers}
    return JSONResponse(encode_problem(problem), status_code=problem.status, headers=headers)


ERROR_ANSWERS: Final[Mapping[type[Exception], Callable[[Request, Exception], Awaitable[Response]]]] = {
    PointsmanError: _answer_pointsman_error,
    HTTPException: _answer_http_error,
    Exception: _answer_unexpected,
}
