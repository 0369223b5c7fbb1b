"""From bytes to a checked body. An error names the field that is wrong as the caller wrote it."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pointsman.domain.errors import RequestError

ModelT = TypeVar("ModelT", bound=BaseModel)
# Far more than a schema of a tool has, and far less than any parser behind us breaks at.
DEEPEST: Final = 100


def parse_body(content: bytes, form: type[ModelT]) -> ModelT:
    """RequestError where it is not JSON, or where a field is not as it should be."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise RequestError(f"The body is not valid JSON: {error}.") from error
    if not isinstance(document, dict):
        raise RequestError("The body must be a JSON object.")
    # To count what opens is quick, and says of nearly all bodies that they need no closer look.
    if content.count(b"{") + content.count(b"[") > DEEPEST and _is_too_deep(document):
        raise RequestError(f"The body is nested more than {DEEPEST} deep.")
    try:
        return form.model_validate(document)
    except ValidationError as error:
        worst = max(error.errors(), key=_tells_most)
        raise RequestError(f"{worst['msg']}.", field=_path_of(worst, document)) from error


def _is_too_deep(document: Any) -> bool:
    level: list[Any] = [document]
    for _ in range(DEEPEST):
        level = [inner for outer in level for inner in _containers_in(outer)]
        if not level:
            return False
    return True


def _containers_in(outer: dict[str, Any] | list[Any]) -> Iterator[Any]:
    members: Iterable[Any] = outer.values() if isinstance(outer, dict) else outer
    return filter(_is_container, members)


def _is_container(value: Any) -> bool:
    return isinstance(value, dict | list)


def _tells_most(error: ErrorDetails) -> tuple[int, bool]:
    """The deepest error is of the branch that the caller meant, and there one of more than the mere type."""
    return len(error["loc"]), not error["type"].endswith("_type")


def _path_of(error: ErrorDetails, document: Any) -> str:
    """Where a part or message of no known kind was found, the field that tells its kind is what is wrong."""
    discriminator = str(error.get("ctx", {}).get("discriminator", "")).strip("'")
    path = field_path(error["loc"], document)
    absent = discriminator or (str(error["loc"][-1]) if error["type"] == "missing" else "")
    return f"{path}.{absent}".strip(".") if absent else path


def field_path(location: Iterable[int | str], document: Any) -> str:
    """`messages[0].content[1]` from a location that also names the branches taken, which no caller knows."""
    path = ""
    here: Any = document
    for step in location:
        if _has(here, step):
            path += f"[{step}]" if isinstance(step, int) else f".{step}"
            here = here[step]
    return path.removeprefix(".")


def _has(here: Any, step: int | str) -> bool:
    return isinstance(here, list) if isinstance(step, int) else isinstance(here, dict) and step in here
