"""What a stored record says of the endpoints that were called, read from records of the real use case."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from pointsman.domain.documents.sightings import sightings_in
from pointsman.domain.reply import Connected, Finished, TextDelta, Usage, UsageReported
from pointsman.domain.sketch import Sighting

from tests.fakes import Pause, Script, Stage, failure, make_card, make_stage
from tests.unit.application.test_route_request import make_incoming

LONG: Script = (
    Connected(12),
    Pause(0.05),
    TextDelta("Once"),
    Pause(0.1),
    TextDelta(" upon a time"),
    Finished("stop", "end"),
    UsageReported(Usage({"input": 10, "output": 20, "reasoning": 400})),
)


def _sightings(scripts: dict[str, Script], *, stream: bool = True) -> dict[str, Sighting]:
    stage = make_stage([make_card("one", ability=3000), make_card("two", ability=2900)], scripts, objective="quality")
    asyncio.run(_ask(stage, stream=stream))
    return dict(sightings_in(_stored(stage)))


async def _ask(stage: Stage, *, stream: bool) -> None:
    incoming = make_incoming()
    streamed = replace(incoming, request=replace(incoming.request, stream=stream))
    answer = await stage.router.route_request.answer(streamed)
    assert [event async for event in answer.events]


def _stored(stage: Stage) -> dict[str, Any]:
    return dict(asyncio.run(stage.audit.find("gen-1")))


def test_a_stream_tells_connection_first_token_and_time_between_tokens() -> None:
    (seen,) = _sightings({"acme/one": LONG}).values()
    assert (seen.id, seen.failed, seen.connection_ms) == ("gen-1/0", False, 12)
    assert seen.ttft_ms is not None
    assert 30 <= seen.ttft_ms < 1_000
    # Thoughts that were not shown came before the first token: only the 20 count.
    assert seen.tpot_us is not None
    assert 4_500 <= seen.tpot_us < 50_000


def test_a_whole_answer_is_split_after_the_card() -> None:
    (seen,) = _sightings({"acme/one": LONG}, stream=False).values()
    assert seen.ttft_ms is not None
    assert seen.tpot_us is not None
    # The card says 500 ms, then 10 ms a token.
    assert seen.ttft_ms * 1000 / seen.tpot_us == pytest.approx(50, rel=0.2)


def test_each_attempt_counts_for_its_own_endpoint() -> None:
    seen = _sightings({"acme/one": [failure("unavailable")], "acme/two": LONG})
    assert {key: sighting.failed for key, sighting in seen.items()} == {"acme/one@acme": True, "acme/two@acme": False}
    assert seen["acme/one@acme"].ttft_ms is None


def test_an_answer_that_breaks_off_is_a_failure() -> None:
    (seen,) = _sightings({"acme/one": [TextDelta("Once"), failure("unavailable")]}).values()
    assert (seen.failed, seen.ttft_ms) == (True, None)


def test_a_prompt_too_long_for_a_model_says_nothing_of_it() -> None:
    cards = [make_card("one", ability=3000), make_card("two", ability=2900, context_tokens=200_000)]
    stage = make_stage(cards, {"acme/one": [failure("context_length")]}, objective="quality")
    asyncio.run(_ask(stage, stream=True))
    assert set(dict(sightings_in(_stored(stage)))) == {"acme/two@acme"}
