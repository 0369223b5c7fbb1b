"""Errors as OpenAI's and OpenRouter's clients both read them."""

from pointsman.domain.json_types import JsonObject
from pointsman.entrypoints.problems import Problem


def encode_problem(problem: Problem) -> JsonObject:
    named = problem.message if problem.param is None else f"{problem.param}: {problem.message}"
    error = {
        "message": named,
        "type": problem.type,
        "param": problem.param,
        "code": problem.status,
        "metadata": {"error_type": problem.type, **problem.details},
    }
    return {"error": error}
