"""Errors as Anthropic's clients read them."""

from collections.abc import Mapping
from typing import Final

from pointsman.domain.json_types import JsonObject
from pointsman.entrypoints.problems import Problem

TYPES: Final[Mapping[int, str]] = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    503: "overloaded_error",
}


def encode_problem(problem: Problem, request_id: str) -> JsonObject:
    """`details` are our addition."""
    named = problem.message if problem.param is None else f"{problem.param}: {problem.message}"
    kind = TYPES.get(problem.status, "invalid_request_error" if problem.status < 500 else "api_error")
    details = {"error_code": problem.type, "param": problem.param, **problem.details}
    return {
        "type": "error",
        "error": {"type": kind, "message": named, "details": details},
        "request_id": request_id,
    }
