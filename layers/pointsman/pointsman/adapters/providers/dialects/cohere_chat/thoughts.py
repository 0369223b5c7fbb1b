"""Command's thoughts and plans, carried between turns as `reasoning_details`: a plan goes before calls of tools."""

from pointsman.domain.json_types import JsonObject
from pointsman.domain.reasoning_details import join_details, text_of_details
from pointsman.domain.reply import ReasoningDelta
from pointsman.domain.request import Message

# Of Cohere's own there is no name among the formats that clients know; the named ones are other providers'.
THOUGHT_FORMAT = "unknown"
THOUGHT_INDEX = 0
PLAN_INDEX = 1


def as_thought(text: str) -> ReasoningDelta:
    return _as_delta(text, THOUGHT_INDEX)


def as_plan(text: str) -> ReasoningDelta:
    return _as_delta(text, PLAN_INDEX)


def thought_of(message: Message) -> str:
    return text_of_details(detail for detail in _own_details(message) if detail.get("index") != PLAN_INDEX)


def plan_of(message: Message) -> str:
    return text_of_details(detail for detail in _own_details(message) if detail.get("index") == PLAN_INDEX)


def _own_details(message: Message) -> list[JsonObject]:
    return [detail for detail in join_details(message.reasoning_details) if detail.get("format") == THOUGHT_FORMAT]


def _as_delta(text: str, index: int) -> ReasoningDelta:
    detail: JsonObject = {"type": "reasoning.text", "text": text, "format": THOUGHT_FORMAT, "index": index}
    return ReasoningDelta(text, detail)
