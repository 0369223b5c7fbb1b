"""From a request to a provider's words and back everything is kept, or its loss is declared, or it is refused."""

import re
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from pointsman.adapters.providers.dialects.dialect import Call
from pointsman.adapters.providers.dialects.table import DIALECTS
from pointsman.adapters.providers.spec import DialectName, ProviderSpec
from pointsman.domain.errors import RequestError
from pointsman.domain.request import ChatRequest, MediaFacts, MediaPart, TextPart

from tests.conformance.cards import card_with
from tests.conformance.conversations import PARAMETERS, requests
from tests.conformance.declared_losses import losses_of
from tests.conformance.replaying import CATALOG
from tests.conformance.requests.judging import READERS

PART = re.compile(r"messages\[(\d+)\]\.content\[(\d+)\]")
# Claude is the one family of Bedrock's that can be kept from calling in parallel.
CLAUDE = "us.anthropic.claude-sonnet-4-6"
CARD = card_with(
    parameters=(*PARAMETERS, "reasoning_effort"),
    features=("prompt_caching", "reasoning"),
    reasoning_efforts=("low", "high"),
)


@dataclass(frozen=True, slots=True)
class Side:
    """One way to call a provider's chat models: its own, or one of its modes."""

    spec: ProviderSpec
    mode: str | None = None

    @property
    def dialect(self) -> DialectName:
        return self.spec.dialect_for("chat", self.mode)

    def __str__(self) -> str:
        return f"{self.spec.name}/{self.mode}" if self.mode else self.spec.name


SIDES = [side for spec in CATALOG.values() for side in (Side(spec), *(Side(spec, mode) for mode in spec.modes))]
CHAT_SIDES = [side for side in SIDES if side.dialect in READERS]


def there_and_back(request: ChatRequest, side: Side) -> ChatRequest:
    body: Any = DIALECTS[side.dialect].encode(Call(request, CARD, side.spec, CLAUDE)).body
    return READERS[side.dialect](body, side.spec).request


def as_declared(request: ChatRequest, side: Side) -> ChatRequest:
    for loss in losses_of(side.spec, side.dialect):
        request = loss(request)
    return in_one_form(request)


def until_taken(request: ChatRequest, side: Side) -> tuple[ChatRequest, ChatRequest]:
    """The request without what is refused, each by its name, and what comes back of it."""
    while True:
        try:
            return request, there_and_back(request, side)
        except RequestError as refused:
            assert refused.field is not None, refused.message
            request = without(request, refused.field)


def without(request: ChatRequest, field: str) -> ChatRequest:
    place = PART.fullmatch(field)
    if place:
        return _without_part(request, *map(int, place.groups()))
    if field in request.parameters:
        return replace(request, parameters={n: v for n, v in request.parameters.items() if n != field})
    name = field.partition(".")[0]
    assert name in ("tool_choice", "parallel_tool_calls", "response_format"), f"{field} is not of the request"
    assert getattr(request, name) is not None
    return replace(request, **{name: None})


def _without_part(request: ChatRequest, number: int, place: int) -> ChatRequest:
    messages = list(request.messages)
    parts = list(messages[number].parts)
    assert isinstance(parts[place], MediaPart)
    parts[place] = TextPart("(not taken)")
    messages[number] = replace(messages[number], parts=tuple(parts))
    return replace(request, messages=tuple(messages))


def in_one_form(request: ChatRequest) -> ChatRequest:
    """Ids are told by the order in which they come; sizes of media are read from the media themselves.

    That an answer may be media is said by saying nothing, which no other body can tell from not caring.
    """
    ids: dict[str, str] = {}
    joined: list[Any] = []
    for message in request.messages:
        calls = tuple(replace(call, id=ids.setdefault(call.id, f"id{len(ids)}")) for call in message.tool_calls)
        told = replace(message, tool_calls=calls, tool_call_id=ids.get(message.tool_call_id or ""))
        details = tuple(
            {**d, "id": ids.get(str(d["id"]), d["id"])} if d.get("id") else d for d in message.reasoning_details
        )
        parts = tuple(replace(p, facts=MediaFacts()) if isinstance(p, MediaPart) else p for p in message.parts)
        joined.append(replace(told, parts=parts, reasoning_details=details))
    return replace(request, messages=tuple(joined), may_answer_in_media=False)


@pytest.mark.parametrize("side", CHAT_SIDES, ids=str)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(request_=requests())
def test_nothing_is_lost_on_the_way_there_and_back(side: Side, request_: ChatRequest) -> None:
    taken, returned = until_taken(request_, side)
    assert in_one_form(returned) == as_declared(taken, side)
