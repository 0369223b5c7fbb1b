"""What the OpenAPI document says that an operation may return: its answer, its stream, its errors."""

from typing import Any, Final

from pointsman.entrypoints.http.openapi.answers import ANSWERS
from pointsman.entrypoints.http.openapi.bodies import BODIES
from pointsman.entrypoints.http.openapi.events import describe_stream
from pointsman.entrypoints.http.openapi.headers import ANSWERED, IDENTITY, refer_headers
from pointsman.entrypoints.http.openapi.problems import describe_problems

CALLS_NOBODY: Final = frozenset({"/v1/route", "/v1/messages/count_tokens", "/v1/generation/feedback"})
ASKS_FOR_JOBS: Final = "/v1/videos/{video_id}"


def describe_answers(path: str) -> dict[str, Any]:
    """The `responses` of an operation, errors in the form of its family."""
    is_answering = path in BODIES and path not in CALLS_NOBODY
    content = {media_type: {"schema": schema} for media_type, schema in ANSWERS[path].items()}
    headers = ANSWERED if is_answering else () if path == "/healthz" else IDENTITY
    answer = {
        "description": "The answer",
        "headers": refer_headers(headers),
        "content": content | describe_stream(path),
    }
    calls_providers = is_answering or path.startswith(ASKS_FOR_JOBS)
    return {"200": answer, **describe_problems(path, calls_providers=calls_providers)}
