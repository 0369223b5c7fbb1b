"""What the OpenAPI document says of errors: every status that the error map knows, with the types it stands for."""

from collections.abc import Mapping
from typing import Any, Final

from pointsman.domain.errors import CandidatesExhaustedError, ProviderError, RegistryConflictError
from pointsman.entrypoints.http.openapi.headers import FAILED, refer_headers
from pointsman.entrypoints.http.openapi.shapes import ANY_OBJECT, TEXT, TEXT_OR_NULL, Schema, an_object
from pointsman.entrypoints.problems import STATUS_AND_TYPE, STATUS_BY_KIND, TYPE_BY_STEP

OPENAI_ERROR: Final = an_object(
    error=an_object(message=TEXT, type=TEXT, param=TEXT_OR_NULL, code={"type": "integer"}, metadata=ANY_OBJECT)
)
ANTHROPIC_ERROR: Final = an_object(
    type={"const": "error"}, error=an_object(type=TEXT, message=TEXT, details=ANY_OBJECT), request_id=TEXT
)
FORMS: Final[Mapping[str, Schema]] = {"OpenAI": OPENAI_ERROR, "Anthropic": ANTHROPIC_ERROR}
# The first two are answered by their failure's kind; the last is met by the control plane alone.
OTHERWISE: Final = (CandidatesExhaustedError, ProviderError, RegistryConflictError)
OWN: Final = (*(told for kind, told in STATUS_AND_TYPE.items() if kind not in OTHERWISE), *TYPE_BY_STEP.values())
PROVIDERS: Final = tuple(STATUS_BY_KIND.values())
# /healthz asks for nothing that could be wrong.
UNHEALTHY: Final = {500, 503}


def define_problems() -> dict[str, Any]:
    """The responses that all operations share, by name."""
    types: dict[int, dict[str, None]] = {}
    for status, kind in (*OWN, *PROVIDERS):
        types.setdefault(status, {})[kind] = None
    return {
        f"{family}{status}": {
            "description": ", ".join(kinds),
            "headers": refer_headers(FAILED),
            "content": {"application/json": {"schema": schema}},
        }
        for family, schema in FORMS.items()
        for status, kinds in sorted(types.items())
    }


def describe_problems(path: str, *, calls_providers: bool) -> dict[str, Any]:
    """By status."""
    family = "Anthropic" if "/messages" in path else "OpenAI"
    met = {status for status, _ in ((*OWN, *PROVIDERS) if calls_providers else OWN)}
    statuses = sorted(met & UNHEALTHY if path == "/healthz" else met)
    return {str(status): {"$ref": f"#/components/responses/{family}{status}"} for status in statuses}
