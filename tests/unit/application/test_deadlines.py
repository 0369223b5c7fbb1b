"""What becomes of a request whose time runs out while providers are silent."""

import asyncio
import time
from dataclasses import replace

import pytest
from pointsman.application.hurry import LEAST_CALL_S
from pointsman.application.incoming import AnswerEvent, Settled
from pointsman.domain.errors import CandidatesExhaustedError
from pointsman.domain.reply import TextDelta

from tests.fakes import Pause, Script, Stage, make_card, make_stage
from tests.unit.application.test_route_request import make_incoming

FIRST = "acme/first"
TIMEOUT_S = 5.0
A_MOMENT_S = 0.05


def make_two(script: Script) -> Stage:
    cards = [make_card("first", ability=3000), make_card("other", ability=2800, provider="globex")]
    return make_stage(cards, {FIRST: script}, objective="quality")


def run(stage: Stage, *, seconds: float | None) -> list[AnswerEvent]:
    async def answer() -> list[AnswerEvent]:
        now = time.monotonic()
        incoming = replace(make_incoming(), arrived_at=now, deadline=None if seconds is None else now + seconds)
        begun = await stage.router.route_request.answer(incoming)
        return [event async for event in begun.events]

    return asyncio.run(answer())


def test_a_call_gets_no_more_time_than_is_left() -> None:
    stage = make_two([TextDelta("Hi")])
    run(stage, seconds=3)
    run(stage, seconds=60)
    run(stage, seconds=None)
    hurried, *unhurried = stage.providers.timeouts_s
    assert 2 < hurried <= 3
    assert unhurried == [TIMEOUT_S, TIMEOUT_S]


def test_a_silent_provider_is_given_up_at_the_deadline_and_nobody_asked_after_it() -> None:
    stage = make_two([Pause(30)])
    with pytest.raises(CandidatesExhaustedError) as raised:
        run(stage, seconds=LEAST_CALL_S + A_MOMENT_S)
    assert [(failure.kind, failure.provider) for failure in raised.value.failures] == [
        ("timeout", "acme"),
        ("timeout", "globex"),
    ]
    assert (stage.providers.called, stage.providers.closed) == ([FIRST], [FIRST])
    (record,) = stage.audit.records
    assert (record.outcome, [attempt.error for attempt in record.attempts]) == ("failed", ["timeout"])


def test_being_given_up_for_want_of_our_own_time_opens_no_breaker() -> None:
    stage = make_two([Pause(30)])

    async def answer() -> None:
        deadline = time.monotonic() + LEAST_CALL_S + A_MOMENT_S
        incoming = replace(make_incoming(), deadline=deadline)
        answers = (stage.router.route_request.answer(incoming) for _ in range(3))
        failed = await asyncio.gather(*answers, return_exceptions=True)
        assert [type(error) for error in failed] == [CandidatesExhaustedError] * 3

    asyncio.run(answer())
    assert asyncio.run(stage.router.outside.live.figures()) == {}


def test_an_answer_that_falls_silent_is_broken_off_at_the_deadline_and_recorded() -> None:
    stage = make_two([TextDelta("Once upon"), Pause(30), TextDelta(" a time")])
    first, last = run(stage, seconds=LEAST_CALL_S + A_MOMENT_S)
    assert first == TextDelta("Once upon")
    assert isinstance(last, Settled)
    assert last.failure is not None
    assert (last.failure.kind, last.record.outcome) == ("timeout", "interrupted")
    assert stage.providers.closed == [FIRST]
