"""From a request to a provider's words and back everything is kept, or its loss is declared, or it is refused."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from pointsman.adapters.providers.dialects.dialect import Call
from pointsman.adapters.providers.dialects.table import DIALECTS
from pointsman.domain.errors import RequestError
from pointsman.domain.request import ChatRequest, MediaFacts, MediaPart

from tests.conformance.cards import card_with
from tests.conformance.conversations import PARAMETERS, requests
from tests.conformance.declared_losses import LOSSES
from tests.conformance.replaying import CATALOG
from tests.conformance.requests.judging import READERS

CARD = card_with(parameters=(*PARAMETERS, "reasoning_effort"))


def there_and_back(request: ChatRequest, row: str) -> ChatRequest:
    spec = CATALOG[row]
    body: Any = DIALECTS[spec.dialect].encode(Call(request, CARD, spec, "a-model")).body
    return READERS[spec.dialect](body, spec).request


def as_declared(request: ChatRequest, row: str) -> ChatRequest:
    for loss in LOSSES[row]:
        request = loss(request)
    return in_one_form(request)


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


@pytest.mark.parametrize("row", sorted(LOSSES))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(request_=requests())
def test_nothing_is_lost_on_the_way_there_and_back(row: str, request_: ChatRequest) -> None:
    try:
        returned = there_and_back(request_, row)
    except RequestError:
        return
    assert in_one_form(returned) == as_declared(request_, row)
