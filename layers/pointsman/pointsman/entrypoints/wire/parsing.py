"""From bytes to a checked body. An error names the field that is wrong as the caller wrote it."""

import json
from collections.abc import Iterable
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from pointsman.domain.errors import RequestError
from pointsman.entrypoints.wire.wire_model import WireModel

ModelT = TypeVar("ModelT", bound=WireModel)


def parse_body(content: bytes, form: type[ModelT]) -> ModelT:
    """RequestError where it is not JSON, or where a field is not as it should be."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise RequestError(f"The body is not valid JSON: {error}.") from error
    if not isinstance(document, dict):
        raise RequestError("The body must be a JSON object.")
    try:
        return form.model_validate(document)
    except ValidationError as error:
        # The deepest error is of the branch that the caller meant.
        worst = max(error.errors(), key=lambda item: len(item["loc"]))
        raise RequestError(f"{worst['msg']}.", field=field_path(_location(worst), document)) from error


def _location(error: ErrorDetails) -> tuple[int | str, ...]:
    """Where a part or message of no known kind was found, the field that tells its kind is what is wrong."""
    discriminator = str(error.get("ctx", {}).get("discriminator", "")).strip("'")
    return (*error["loc"], discriminator) if discriminator else error["loc"]


def field_path(location: Iterable[int | str], document: Any) -> str:
    """`messages[0].content[1].text` from a location that also names the branches taken, which no caller knows."""
    path = ""
    here: Any = document
    steps = list(location)
    for place, step in enumerate(steps):
        if not _has(here, step):
            # A branch's name, or the field that is missing, which can only be the last step.
            path += f".{step}" if place == len(steps) - 1 else ""
            continue
        path += f"[{step}]" if isinstance(step, int) else f".{step}"
        here = here[step]
    return path.removeprefix(".")


def _has(here: Any, step: int | str) -> bool:
    return isinstance(here, list) if isinstance(step, int) else isinstance(here, dict) and step in here
