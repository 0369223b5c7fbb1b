"""What the OpenAPI document says of the headers of answers and errors."""

from collections.abc import Mapping
from typing import Any, Final

from pointsman.entrypoints.http.openapi.shapes import COUNT, TEXT
from pointsman.entrypoints.http.overhead import HEADER as OVERHEAD
from pointsman.entrypoints.wire.shortfalls import LEFT_OUT, STRUCTURE_FAULT

Headers = Mapping[str, Any]
ID: Final = {"schema": TEXT, "required": True, "description": "The id of this answer, for GET /v1/generation"}
HEADERS: Final[Headers] = {
    "x-generation-id": ID,
    "x-request-id": ID,
    "request-id": ID,
    OVERHEAD: {"schema": TEXT, "description": "Milliseconds that were the router's own, and of what they consist"},
    LEFT_OUT: {"schema": TEXT, "description": "Parameters that the model does not take, and was not sent"},
    STRUCTURE_FAULT: {"schema": TEXT, "description": "What the answer has against the JSON schema asked for"},
    "retry-after": {"schema": COUNT, "description": "Seconds, where the provider or the key's limit names them"},
    "x-should-retry": {"schema": {"const": "false"}, "description": "Every candidate has been tried"},
}
IDENTITY: Final = ("x-generation-id", "x-request-id", "request-id")
ANSWERED: Final = (*IDENTITY, OVERHEAD, LEFT_OUT, STRUCTURE_FAULT)
FAILED: Final = (*IDENTITY, "retry-after", "x-should-retry")


def refer_headers(names: tuple[str, ...]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
