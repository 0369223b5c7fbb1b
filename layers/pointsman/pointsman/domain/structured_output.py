"""Answers of a given form: asked for by a tool where a model knows no schemas, and what came of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.model_card import ModelCard
from pointsman.domain.reply import Finished, ReasoningDelta, Reply, ReplyEvent, TextDelta, ToolCallDelta
from pointsman.domain.request import ChatRequest, ResponseFormat, Tool, ToolChoice

SCHEMA = "json_schema"
FORCING = frozenset({"tools", "forced_tool_choice"})
# What a text has against a schema (None: any JSON object will do), in words; None where it is of its form.
FindFault = Callable[[JsonObject | None, str], str | None]


@dataclass(frozen=True, slots=True)
class StructuredOutcome:
    """Whether the answer is of the form asked for: `fault` says what it has against it."""

    by: Literal["native", "forced_tool"]
    fault: str | None = None


def lacks_schemas_only(features: frozenset[str]) -> bool:
    """Whether a model that knows no schemas can be made to keep one by a tool."""
    return SCHEMA not in features and features >= FORCING


def goes_by_tool(request: ChatRequest, card: ModelCard) -> bool:
    wanted = request.response_format
    return wanted is not None and wanted.kind == SCHEMA and lacks_schemas_only(card.features)


def ask_by_tool(request: ChatRequest) -> ChatRequest:
    """The same request, whose answer is the one call of the one tool. RequestError where that cannot be."""
    wanted = request.response_format or ResponseFormat("text")
    if request.tools:
        raise RequestError("this model keeps a schema only where there are no tools", field="response_format")
    if (wanted.schema or {}).get("type") != "object":
        raise RequestError("this model keeps only schemas of an object", field="response_format.json_schema.schema")
    description = wanted.description or "Gives the answer. Call it once, with the whole answer."
    tool = Tool(wanted.name, description, wanted.schema or {}, wanted.strict)
    return replace(request, tools=(tool,), tool_choice=ToolChoice("named", tool.name), response_format=None)


def tell_as_answer(event: ReplyEvent) -> ReplyEvent:
    """The call as the text that it stands for. What the model says beside it is thought aloud."""
    match event:
        case ToolCallDelta():
            return TextDelta(event.arguments, event.choice)
        case TextDelta():
            return ReasoningDelta(event.text, choice=event.choice)
        case Finished("tool_calls"):
            return replace(event, reason="stop")
        case _:
            return event


def judge_structure(
    request: ChatRequest, reply: Reply, card: ModelCard, *, find_fault: FindFault
) -> StructuredOutcome | None:
    """None where no form was asked for, or where the model called tools instead of answering."""
    wanted = request.response_format
    if wanted is None or wanted.kind == "text":
        return None
    answers = [choice for choice in reply.choices if not choice.tool_calls]
    faults = [fault for choice in answers if (fault := find_fault(wanted.schema, choice.text))]
    return StructuredOutcome("forced_tool" if goes_by_tool(request, card) else "native", faults[0] if faults else None)
