"""A schema is kept by a tool where a model knows none, and its answer reads as if the model did."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from pointsman.application.incoming import AnswerEvent, Settled
from pointsman.domain.documents.ledger import ledger_document
from pointsman.domain.errors import NoCandidateError, RequestError
from pointsman.domain.reply import Finished, ReplyEvent, TextDelta, ToolCallDelta, Usage, UsageReported
from pointsman.domain.request import ChatRequest, ResponseFormat, Tool, ToolChoice
from pointsman.entrypoints.wire.shortfalls import tell_structure_fault

from tests.fakes import Stage, make_card, make_stage
from tests.unit.application.test_route_request import make_incoming

SCHEMA: dict[str, Any] = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
WANTED = ResponseFormat("json_schema", "place", SCHEMA)
END = (Finished("tool_calls", "tool_use"), UsageReported(Usage({"input": 3, "output": 2})))
BY_TOOL = frozenset({"tools", "forced_tool_choice"})


def stage_with(*events: ReplyEvent, features: frozenset[str] = BY_TOOL) -> Stage:
    return make_stage([make_card("one", features=features)], {"acme/one": events})


def ask(stage: Stage, **wishes: Any) -> Sequence[AnswerEvent]:
    incoming = make_incoming()
    request = replace(incoming.request, **{"response_format": WANTED, **wishes})

    async def settle() -> list[AnswerEvent]:
        answer = await stage.router.route_request.answer(replace(incoming, request=request))
        return [event async for event in answer.events]

    return asyncio.run(settle())


def call(*pieces: str) -> list[ReplyEvent]:
    first = ToolCallDelta(0, "c1", "place")
    return [first, *(ToolCallDelta(0, arguments=piece) for piece in pieces)]


def test_the_model_is_asked_for_one_call_of_one_tool() -> None:
    stage = stage_with(*call("{}"), *END)
    ask(stage)
    asked: ChatRequest = stage.providers.requests[0]
    assert [(tool.name, tool.parameters) for tool in asked.tools] == [("place", SCHEMA)]
    assert (asked.tool_choice, asked.response_format) == (ToolChoice("named", "place"), None)


def test_the_call_reads_as_the_answer_piece_by_piece() -> None:
    *events, settled = ask(stage_with(TextDelta("Let me see."), *call('{"city": ', '"Rome"}'), *END))
    assert [event.text for event in events if isinstance(event, TextDelta)] == ["", '{"city": ', '"Rome"}']
    assert [event.reason for event in events if isinstance(event, Finished)] == ["stop"]
    assert isinstance(settled, Settled)
    told = ledger_document(settled.record)["structured_output"]
    assert told == {"by": "forced_tool", "is_valid": True, "fault": None}
    assert tell_structure_fault(settled.record) == {}


@pytest.mark.parametrize("features", [BY_TOOL, frozenset({"json_schema"})])
def test_an_answer_of_another_form_is_told(features: frozenset[str]) -> None:
    answer = [TextDelta('{"city": 7}'), Finished("stop")] if "json_schema" in features else [*call('{"city": 7}'), *END]
    settled = ask(stage_with(*answer, features=features))[-1]
    assert isinstance(settled, Settled)
    assert settled.record.structure is not None
    assert settled.record.structure.fault == "$.city breaks 'type'"
    assert tell_structure_fault(settled.record) == {"x-routing-structured-output-fault": "$.city breaks 'type'"}


def test_with_tools_of_the_caller_s_own_no_tool_can_stand_in() -> None:
    with pytest.raises(NoCandidateError) as caught:
        ask(stage_with(), tools=(Tool("f"),))
    assert caught.value.step == "response_format"


def test_a_schema_of_something_else_than_an_object_is_refused() -> None:
    with pytest.raises(RequestError) as caught:
        ask(stage_with(), response_format=ResponseFormat("json_schema", "list", {"type": "array"}))
    assert caught.value.field == "response_format.json_schema.schema"


def test_nothing_is_judged_where_no_form_was_asked_for() -> None:
    settled = ask(stage_with(TextDelta("Hi"), Finished("stop")), response_format=None)[-1]
    assert isinstance(settled, Settled)
    assert settled.record.structure is None
    assert "structured_output" not in ledger_document(settled.record)
