"""The OpenAPI document: FastAPI's own, with the bodies that the routes read and the answers that they make."""

from typing import Any

from fastapi import FastAPI

from pointsman.entrypoints.http.openapi.bodies import BODIES, define_bodies, describe_body
from pointsman.entrypoints.http.openapi.headers import HEADERS
from pointsman.entrypoints.http.openapi.operations import describe_answers
from pointsman.entrypoints.http.openapi.parameters import PARAMETERS
from pointsman.entrypoints.http.openapi.problems import define_problems


def describe_api(app: FastAPI) -> dict[str, Any]:
    """The whole document; the same for equal code, so that a committed copy can be compared."""
    document = app.openapi()
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
