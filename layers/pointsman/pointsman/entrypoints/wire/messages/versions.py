"""The two versions of Anthropic's API that clients speak, and what the newer one no longer takes."""

from collections.abc import Iterator, Mapping
from typing import Final

from pointsman.domain.errors import RequestError
from pointsman.entrypoints.wire.messages.body import ConversationBody, DocumentBlock, MessagesBody, TextBlock
from pointsman.entrypoints.wire.parsing import ModelT, parse_body

HEADER: Final = "anthropic-version"
FIRST: Final = "2023-06-01"
SECOND: Final = "2026-10-21"
DROPPED: Final = ("temperature", "top_p", "top_k")
# Nobody here could keep these promises: where data is processed, and state at Anthropic.
UNKEPT: Final = ("inference_geo", "container", "mcp_servers", "context_management")


def parse_messages_body(content: bytes, headers: Mapping[str, str]) -> MessagesBody:
    """RequestError for what is wrong in itself or in the client's version, which is the first where it names none."""
    return _parse(content, headers, MessagesBody)


def parse_countable_body(content: bytes, headers: Mapping[str, str]) -> ConversationBody:
    return _parse(content, headers, ConversationBody)


def _parse(content: bytes, headers: Mapping[str, str], form: type[ModelT]) -> ModelT:
    version = headers.get(HEADER, FIRST)
    if version not in (FIRST, SECOND):
        raise RequestError(f"Expected {FIRST} or {SECOND}, not '{version}'.", field=HEADER)
    body = parse_body(content, form)
    for field in UNKEPT:
        if (body.model_extra or {}).get(field) is not None:
            raise RequestError("This cannot be promised here: leave it out.", field=field)
    if version == SECOND:
        for field in _dropped(body):
            raise RequestError("Extra inputs are not permitted.", field=field)
    return body


def _dropped(body: object) -> Iterator[str]:
    """What the second version refuses."""
    if isinstance(body, MessagesBody):
        yield from (name for name in DROPPED if name in body.model_fields_set)
    if isinstance(body, ConversationBody):
        for place, message in enumerate(body.messages):
            for index, block in enumerate(message.content if isinstance(message.content, list) else ()):
                where = f"messages[{place}].content[{index}]"
                if isinstance(block, DocumentBlock) and message.role == "assistant":
                    yield f"{where}.type"
                if isinstance(block, TextBlock) and message.role == "user" and block.citations:
                    yield f"{where}.citations"
