"""Forms (multipart/form-data) as the JSON object that says the same, so that one body serves both. Knows no endpoint.

A file becomes an object of `filename`, `mime_type` and `base64_data`; `a[b]` nests, `a[]` and names told twice make
lists.
"""

import base64
import json
import re
from collections.abc import AsyncGenerator
from typing import Any, Final, cast

from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from pointsman.domain.errors import RequestError

FORM: Final = b"multipart/form-data"
MOST_FIELDS: Final = 200
# Of these a form holds the JSON itself: a form knows text alone.
JSON_FIELDS: Final = frozenset(
    {"routing", "provider", "plugins", "stream", "n", "seconds", "seed", "temperature", "output_compression"}
    | {"partial_images"}
)
STEPS: Final = re.compile(r"\[([^\]]*)\]")


def is_form(content_type: str) -> bool:
    return parse_options_header(content_type)[0] == FORM


async def form_as_json(content: bytes, content_type: str) -> bytes:
    """RequestError where the form is broken."""

    async def pieces() -> AsyncGenerator[bytes, None]:
        yield content

    headers = Headers({"content-type": content_type})
    parser = MultiPartParser(headers, pieces(), max_fields=MOST_FIELDS, max_part_size=len(content) + 1)
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError) as error:
        raise RequestError(f"The form cannot be read: {error}.") from error
    try:
        return json.dumps(await _as_object(form)).encode()
    finally:
        await form.close()


async def _as_object(form: FormData) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for name, value in form.multi_items():
        _put(document, name, await _as_value(name, value))
    return document


async def _as_value(name: str, value: UploadFile | str) -> Any:
    if isinstance(value, UploadFile):
        content = base64.b64encode(await value.read()).decode()
        return {
            "filename": value.filename or "file",
            "mime_type": value.content_type or "application/octet-stream",
            "base64_data": content,
        }
    if name in JSON_FIELDS:
        try:
            return json.loads(value)
        except (ValueError, RecursionError) as error:
            raise RequestError("Expected JSON.", field=name) from error
    return value


def _put(document: dict[str, Any], name: str, value: Any) -> None:
    root, *steps = name.partition("[")[0], *STEPS.findall(name)
    is_list = steps[-1:] == [""]
    *path, last = [root, *steps[:-1]] if is_list else [root, *steps]
    inner = document
    for step in path:
        inner = _enter(inner, step, name)
    inner[last] = _with_more(inner.get(last), value, is_list=is_list)


def _enter(document: dict[str, Any], step: str, name: str) -> dict[str, Any]:
    inner: Any = document.setdefault(step, {})
    if not isinstance(inner, dict):
        raise RequestError("In a form a field is either a value or an object.", field=name)
    return cast(dict[str, Any], inner)


def _with_more(held: Any, value: Any, *, is_list: bool) -> Any:
    if held is None:
        return [value] if is_list else value
    earlier: list[Any] = cast(list[Any], held) if isinstance(held, list) else [held]
    return [*earlier, value]
