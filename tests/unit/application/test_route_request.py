"""From a request to its answer and its record, on scripted providers."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from pointsman.application.incoming import Answer, AnswerEvent, Incoming, Settled
from pointsman.domain.errors import (
    CandidatesExhaustedError,
    NoCandidateError,
    ProviderError,
    RequestError,
    UnknownModelError,
)
from pointsman.domain.ledger import Subject
from pointsman.domain.preferences import Caller, Preferences
from pointsman.domain.reply import ReasoningDelta, ReplyStarted, TextDelta
from pointsman.domain.request import ChatRequest, Message, TextPart

from tests.fakes import HELLO, Pause, Script, Stage, failure, make_card, make_stage

Scripts = Mapping[str, Script]
FIRST, SECOND, OTHER = "acme/first", "acme/second", "globex/other"


def make_incoming(**wishes: object) -> Incoming:
    request = ChatRequest(messages=(Message("user", (TextPart("Hello"),)),))
    preferences = Preferences(**wishes)  # pyright: ignore[reportArgumentType]
    subject = Subject("gen-1", datetime(2026, 11, 22, tzinfo=UTC), "/v1/chat/completions", "me", "auto", streamed=True)
    return Incoming(request, preferences, Caller("me"), subject, arrived_at=0.0)


def make_three(scripts: Scripts | None = None) -> Stage:
    """`first` is chosen, then `second` of the same provider, then `other` of another with a larger context."""
    cards = [
        make_card("first", ability=3000, usd="1"),
        make_card("second", ability=2900, usd="1"),
        make_card("other", ability=2800, usd="1", provider="globex", context_tokens=200_000),
    ]
    return make_stage(cards, scripts, objective="quality")


async def answer(stage: Stage, **wishes: object) -> tuple[Answer, list[AnswerEvent]]:
    begun = await stage.router.route_request.answer(make_incoming(**wishes))
    return begun, [event async for event in begun.events]


def run(stage: Stage, **wishes: object) -> list[AnswerEvent]:
    return asyncio.run(answer(stage, **wishes))[1]


def test_the_chosen_model_answers_and_one_record_is_kept() -> None:
    stage = make_three()
    events = run(stage)
    assert tuple(events[:-1]) == HELLO
    assert isinstance(events[-1], Settled)
    (record,) = stage.audit.records
    assert (record.outcome, record.cost_usd > 0) == ("answered", True)
    assert record.served is not None
    assert record.served.candidate.id == FIRST
    assert record.cost_usd == sum(record.served.cost.breakdown.values())
    assert stage.meter.records == [record]


def test_the_record_is_kept_before_the_last_event_is_seen() -> None:
    stage = make_three()

    async def look() -> list[int]:
        begun = await stage.router.route_request.answer(make_incoming())
        return [len(stage.audit.records) async for event in begun.events if isinstance(event, Settled)]

    assert asyncio.run(look()) == [1]


def test_another_answers_where_the_first_fails_before_any_content() -> None:
    stage = make_three({FIRST: [ReplyStarted("up"), failure("overloaded", status=503)]})
    begun, _ = asyncio.run(answer(stage))
    assert begun.opened.prediction.candidate.id == SECOND
    assert [(attempt.model, attempt.error) for attempt in begun.opened.attempts] == [
        (FIRST, "overloaded"),
        (FIRST, "overloaded"),
        (SECOND, None),
    ]


def test_a_failing_account_is_not_asked_for_another_model() -> None:
    stage = make_three({FIRST: [failure("quota_exhausted")]})
    run(stage)
    assert stage.providers.called == [FIRST, OTHER]


def test_too_long_a_prompt_goes_to_a_larger_context_only() -> None:
    stage = make_three({FIRST: [failure("context_length")]})
    run(stage)
    assert stage.providers.called == [FIRST, OTHER]


def test_what_a_dialect_cannot_say_another_may() -> None:
    stage = make_three({FIRST: [RequestError("cannot say it", field="messages")]})
    run(stage)
    assert stage.providers.called == [FIRST, SECOND]


def test_what_no_dialect_can_say_is_refused_and_recorded() -> None:
    refusal = RequestError("cannot say it", field="messages")
    stage = make_three({FIRST: [refusal], SECOND: [refusal], OTHER: [refusal]})
    with pytest.raises(RequestError):
        run(stage)
    assert [record.outcome for record in stage.audit.records] == ["rejected"]


def test_the_callers_own_fault_is_final() -> None:
    stage = make_three({FIRST: [failure("invalid_request", status=400)]})
    with pytest.raises(CandidatesExhaustedError) as raised:
        run(stage)
    assert raised.value.last.kind == "invalid_request"
    assert stage.providers.called == [FIRST]
    assert [record.outcome for record in stage.audit.records] == ["failed"]


def test_without_fallbacks_nobody_else_is_asked() -> None:
    stage = make_three({FIRST: [failure("overloaded")]})
    with pytest.raises(CandidatesExhaustedError):
        run(stage, allow_fallbacks=False)
    assert stage.providers.called == [FIRST, FIRST]


class Once(dict[str, Script]):
    """Scripts that are played once; then a model says hello."""

    def get(self, key: str, default: Script = HELLO) -> Script:  # pyright: ignore[reportIncompatibleMethodOverride]
        return self.pop(key, default)


@pytest.mark.parametrize(
    ("error", "waits"),
    [
        (failure("unavailable"), [0.0]),
        (failure("rate_limited", status=429, retry_after_s=1.5), [1.5]),
        (failure("overloaded", status=529, retry_after_s=0), [0]),
    ],
)
def test_what_passes_soon_is_waited_for(error: ProviderError, waits: list[float]) -> None:
    stage = make_three(Once({FIRST: [ReplyStarted("up"), error]}))
    begun, _ = asyncio.run(answer(stage))
    assert (stage.providers.called, stage.waits) == ([FIRST, FIRST], waits)
    told = [(attempt.model, attempt.error) for attempt in begun.opened.attempts]
    assert told == [(FIRST, error.failure.kind), (FIRST, None)]
    assert not stage.audit.records[0].fell_back


def test_whoever_asks_for_a_long_wait_is_not_waited_for() -> None:
    stage = make_three({FIRST: [failure("rate_limited", status=429, retry_after_s=20)]})
    run(stage)
    assert (stage.providers.called, stage.waits) == ([FIRST, SECOND], [])


def test_a_wait_that_the_deadline_does_not_allow_is_not_begun() -> None:
    stage = make_three(Once({FIRST: [failure("overloaded", status=503, retry_after_s=2)]}))
    hurried = replace(make_incoming(), deadline=stage.router.clock() + 2.5)
    begun = asyncio.run(stage.router.route_request.answer(hurried))
    assert (begun.opened.prediction.candidate.id, stage.waits) == (SECOND, [])


def test_a_prompt_too_long_for_a_fallback_needs_more_than_that_one_has() -> None:
    stage = make_three({FIRST: [failure("malformed_reply")], SECOND: [failure("context_length")]})
    run(stage)
    assert stage.providers.called == [FIRST, SECOND, OTHER]


def test_an_answer_that_breaks_off_is_recorded_and_priced() -> None:
    stage = make_three({FIRST: [TextDelta("Once upon a time"), failure("unavailable")]})
    last = run(stage)[-1]
    assert isinstance(last, Settled)
    assert last.failure is not None
    (record,) = stage.audit.records
    assert record.outcome == "interrupted"
    assert record.served is not None
    assert record.served.usage_estimated
    assert record.cost_usd > 0


def test_a_caller_who_leaves_is_accounted_for_and_the_call_closed() -> None:
    stage = make_three()

    async def leave_after_one() -> None:
        begun = await stage.router.route_request.answer(make_incoming())
        await anext(begun.events)
        await anext(begun.events)
        await begun.events.aclose()
        await stage.router.accountant.drain()

    asyncio.run(leave_after_one())
    assert [record.outcome for record in stage.audit.records] == ["cancelled"]
    assert stage.providers.closed == [FIRST]


def test_a_cancelled_request_is_accounted_for_at_an_estimate_and_the_call_closed() -> None:
    stage = make_three({FIRST: [TextDelta("Once upon a time"), Pause(60)]})

    async def cancel_in_the_silence() -> None:
        task = asyncio.create_task(answer(stage))
        while not stage.providers.called:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await stage.router.accountant.drain()

    asyncio.run(cancel_in_the_silence())
    (record,) = stage.audit.records
    assert record.outcome == "cancelled"
    assert record.served is not None
    assert record.served.usage_estimated
    assert record.cost_usd > 0
    assert stage.providers.closed == [FIRST]


def test_an_unknown_model_is_refused_and_recorded() -> None:
    stage = make_three()
    with pytest.raises(UnknownModelError):
        run(stage, models=("acme/none",), is_auto=False)
    assert [record.outcome for record in stage.audit.records] == ["rejected"]
    assert stage.providers.called == []


def test_a_model_is_known_by_its_name_without_its_author() -> None:
    stage = make_three()
    run(stage, models=("other", "globex/other", "acme/second"), is_auto=False)
    assert stage.providers.called == [OTHER]
    (record,) = stage.audit.records
    assert record.decision is not None
    assert record.decision.situation.preferences.models == (OTHER, SECOND)


def test_a_name_that_several_models_have_is_refused_with_their_ids() -> None:
    stage = make_stage([make_card("twin"), make_card("twin", provider="globex")])
    with pytest.raises(UnknownModelError, match="'twin': acme/twin, globex/twin"):
        run(stage, models=("twin",), is_auto=False)
    assert stage.providers.called == []


def test_a_decision_alone_calls_nobody() -> None:
    stage = make_three()
    record = asyncio.run(stage.router.route_request.decide_only(make_incoming()))
    assert (record.outcome, stage.providers.called, stage.audit.records) == ("decided", [], [record])


@pytest.mark.parametrize(("served_by", "left_out"), [(FIRST, 0), (SECOND, 1)])
def test_thoughts_go_back_to_their_own_model_alone(served_by: str, left_out: int) -> None:
    thought = {"type": "reasoning.text", "text": "Hm", "signature": "s1", "id": "r1"}
    stage = make_three({FIRST: [ReasoningDelta("Hm", thought), *HELLO]})
    (returned,) = [event.detail for event in run(stage) if isinstance(event, ReasoningDelta)]
    assert returned is not None
    history = Message("assistant", (TextPart("Hello"),), reasoning_details=(returned,))
    incoming = make_incoming(models=(served_by,), is_auto=False)
    request = replace(incoming.request, messages=(*incoming.request.messages, history))
    incoming = replace(incoming, request=request, subject=replace(incoming.subject, id="gen-2"))

    async def settle() -> list[AnswerEvent]:
        return [event async for event in (await stage.router.route_request.answer(incoming)).events]

    asyncio.run(settle())
    assert stage.providers.requests[-1].messages[-1].reasoning_details == ((thought,) if not left_out else ())
    assert stage.audit.records[-1].foreign_thoughts == left_out


def with_budget(incoming: Incoming, usd: str) -> Incoming:
    return replace(incoming, caller=Caller("me", budget_usd=Decimal(usd)))


async def deliver(stage: Stage, incoming: Incoming) -> None:
    answered = await stage.router.route_request.answer(incoming)
    assert stage.budgets.spent["me"] == answered.decision.chosen.cost_usd_p95
    assert [event async for event in answered.events]


def test_what_a_request_may_cost_is_reserved_and_then_replaced_by_what_it_cost() -> None:
    stage = make_three()
    asyncio.run(deliver(stage, with_budget(make_incoming(), "10")))
    (record,) = stage.audit.records
    assert stage.budgets.spent["me"] == record.cost_usd > 0
    assert stage.budgets.reserved == {}


@pytest.mark.parametrize("script", [[failure("invalid_request")], [failure("timeout")]])
def test_a_failed_request_leaves_nothing_reserved(script: Script) -> None:
    stage = make_three(dict.fromkeys((FIRST, SECOND, OTHER), script))
    with pytest.raises((CandidatesExhaustedError, RequestError)):
        asyncio.run(deliver(stage, with_budget(make_incoming(), "10")))
    assert (stage.budgets.spent["me"], stage.budgets.reserved) == (0, {})


def test_an_empty_budget_calls_nobody() -> None:
    stage = make_three()
    stage.budgets.spent["me"] = Decimal(10)
    with pytest.raises(NoCandidateError) as raised:
        asyncio.run(deliver(stage, with_budget(make_incoming(), "10")))
    assert (raised.value.step, stage.providers.called) == ("budget", [])
    assert [record.outcome for record in stage.audit.records] == ["rejected"]


def test_what_others_reserved_meanwhile_is_decided_on_anew() -> None:
    stage = make_three()
    stage.budgets.rivals_usd = [Decimal("9.9999999")]
    with pytest.raises(NoCandidateError):
        asyncio.run(deliver(stage, with_budget(make_incoming(), "10")))
    stage.budgets.spent["me"] = Decimal(9)
    stage.budgets.rivals_usd = [Decimal(1) for _ in range(9)]
    stage.budgets.elapsed_milli = 1000
    with pytest.raises(NoCandidateError):
        asyncio.run(deliver(stage, with_budget(make_incoming(), "10")))
    assert stage.providers.called == []


def test_a_decision_alone_reserves_nothing() -> None:
    stage = make_three()
    asyncio.run(stage.router.route_request.decide_only(with_budget(make_incoming(), "10")))
    assert stage.budgets.spent == {}
