"""The OpenAPI document: FastAPI's of the app's routes, with the bodies that they read and the answers that they make.

FastAPI serves none of them: it would read nothing that they do not read themselves.
"""

from typing import Any

from fastapi import FastAPI

from pointsman.entrypoints.http.app import HEALTH, PREFIXES, routes_under
from pointsman.entrypoints.http.openapi.bodies import BODIES, define_bodies, describe_body
from pointsman.entrypoints.http.openapi.headers import HEADERS
from pointsman.entrypoints.http.openapi.operations import describe_answers
from pointsman.entrypoints.http.openapi.parameters import PARAMETERS
from pointsman.entrypoints.http.openapi.problems import define_problems


def describe_api() -> dict[str, Any]:
    """The whole document; the same for equal code, so that a committed copy can be compared."""
    document = _describe_routes()
    components: dict[str, Any] = document.setdefault("components", {})
    components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    components |= {"schemas": define_bodies(), "responses": define_problems(), "headers": dict(HEADERS)}
    document["security"] = [{"key": []}]
    for path, operations in document["paths"].items():
        for operation in operations.values():
            operation["responses"] = describe_answers(path)
            if path in BODIES:
                operation["requestBody"] = describe_body(BODIES[path])
            if path in PARAMETERS:
                operation["parameters"] = [*operation.get("parameters", ()), *PARAMETERS[path]]
    document["paths"]["/healthz"]["get"]["security"] = []
    return document


def _describe_routes() -> dict[str, Any]:
    described = FastAPI(title="Pointsman", version="1")
    for route in (*routes_under(PREFIXES[0]), HEALTH):
        # Who may GET may HEAD.
        described.add_api_route(route.path, route.endpoint, methods=list((route.methods or set()) - {"HEAD"}))
    return described.openapi()
