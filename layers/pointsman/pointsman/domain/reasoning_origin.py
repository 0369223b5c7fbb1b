"""Whose thought a thought is. State of one model's reasoning means nothing to another, which may refuse it.

The mark rides in the fields that every client sends back unread: the signature or the encrypted data, else the id.
"""

from collections.abc import Mapping
from dataclasses import replace

from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import ReasoningDelta, ReplyEvent
from pointsman.domain.request import ChatRequest, Message

MARK, END = "pointsman:", "#"
SECRET_FIELDS = ("signature", "data")
CARRIERS = (*SECRET_FIELDS, "id")


def mark_thought(event: ReplyEvent, origin: str) -> ReplyEvent:
    """The same event; a thought in it says from then on that it is of `origin` (see `Candidate.origin`)."""
    if not isinstance(event, ReasoningDelta) or event.detail is None:
        return event
    carriers = [name for name in SECRET_FIELDS if event.detail.get(name)] or ["id"]
    marked = {name: f"{MARK}{origin}{END}{event.detail.get(name) or ''}" for name in carriers}
    return replace(event, detail={**event.detail, **marked})


def keep_own_thoughts(request: ChatRequest, origin: str) -> ChatRequest:
    """The request for `origin`: its own thoughts without their marks and those without a mark; others are left out."""
    if not any(message.reasoning_details for message in request.messages):
        return request
    return replace(request, messages=tuple(_keep_own(message, origin) for message in request.messages))


def count_foreign_thoughts(request: ChatRequest, origin: str) -> int:
    """How many thoughts are left out for `origin`."""
    return sum(not _is_own(detail, origin) for message in request.messages for detail in message.reasoning_details)


def _keep_own(message: Message, origin: str) -> Message:
    own = tuple(_unmark(detail) for detail in message.reasoning_details if _is_own(detail, origin))
    return replace(message, reasoning_details=own) if message.reasoning_details else message


def _is_own(detail: JsonObject, origin: str) -> bool:
    return _origins(detail).keys() <= {origin}


def _origins(detail: JsonObject) -> Mapping[str, str]:
    """By the origins that the marks name, the fields that carry them."""
    texts = {name: str(detail.get(name) or "") for name in CARRIERS}
    return {text.removeprefix(MARK).partition(END)[0]: name for name, text in texts.items() if text.startswith(MARK)}


def _unmark(detail: JsonObject) -> JsonObject:
    unmarked = {name: _without_mark(value) if name in CARRIERS else value for name, value in detail.items()}
    return {name: value for name, value in unmarked.items() if value != "" or detail[name] == ""}


def _without_mark(value: object) -> object:
    if not isinstance(value, str) or not value.startswith(MARK):
        return value
    return value.partition(END)[2]
