"""Live figures in the embedded DynamoDB: several followers at once come to what one would, and routers read it."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import pytest
from pointsman.adapters.dynamodb.boto_tables import BotoTables
from pointsman.adapters.dynamodb.live_book import DynamoDBLiveBook
from pointsman.adapters.dynamodb.live_sketches import DynamoDBLiveSketches
from pointsman.adapters.in_memory_live_book import FAILURES_TO_OPEN, InMemoryLiveBook
from pointsman.application.track_latency import TrackLatency
from pointsman.domain.documents.sightings import sightings_in
from pointsman.domain.latency import HALF_LIFE_S, LiveFigures
from pointsman.domain.ledger import Attempt
from pointsman.domain.sketch import merge

from tests.contract.live_crowd import follow_often, record

pytestmark = pytest.mark.system
KEY = "acme/one@acme"
# When the records end, a second after they came in.
ENDED = 1_795_780_800.0


def _tracker(client: Any, table: str, now: float = ENDED) -> TrackLatency:
    return TrackLatency(DynamoDBLiveSketches(client, table), lambda: now)


def _book(client: Any, table: str, now: list[float], told: list[str] | None = None) -> DynamoDBLiveBook:
    on_blind = (told if told is not None else list[str]()).append
    return DynamoDBLiveBook(BotoTables(client), table, InMemoryLiveBook(), on_blind=on_blind, now=lambda: now[0])


def _figures(book: DynamoDBLiveBook) -> Mapping[str, LiveFigures]:
    return asyncio.run(book.figures())


def test_followers_at_once_and_records_twice_come_to_the_same_sketch_live(
    client: Any, emulator_env: Mapping[str, str], table: str
) -> None:
    numbers = list(range(120))
    # Each record goes to two of the three, as it does when a shard splits while its batch is brought again.
    shares = [[number for number in numbers if number % 3 != left_out] for left_out in range(3)]
    with ProcessPoolExecutor(3, mp_context=get_context("spawn")) as followers:
        runs = [
            followers.submit(follow_often, emulator_env, table, share, seed=seed) for seed, share in enumerate(shares)
        ]
        for run in runs:
            run.result(timeout=120)
    sketch, revision = DynamoDBLiveSketches(client, table).read(KEY)
    assert sketch == merge((), [sighting for number in numbers for _, sighting in sightings_in(record(number))])
    assert revision > len(numbers) // 60


def test_a_batch_that_comes_again_writes_nothing_live(client: Any, table: str) -> None:
    tracker = _tracker(client, table)
    for _ in range(3):
        assert tracker.track(record(number) for number in range(5)) == 5
    assert DynamoDBLiveSketches(client, table).read(KEY)[1] == 1


def test_a_router_reads_what_was_tracked_and_it_fades_live(client: Any, table: str) -> None:
    _tracker(client, table).track(record(number, ttft_ms=900) for number in range(40))
    now = [ENDED]
    book = _book(client, table, now)
    (figures,) = _figures(book).values()
    assert (figures.calls, figures.answers, figures.ttft_ms_p50, figures.tpot_us_p50) == (40, 40, 900, 10_000)
    now[0] += HALF_LIFE_S
    assert _figures(book)[KEY].answers == 20
    now[0] += 20 * HALF_LIFE_S
    assert _figures(book) == {}


def test_a_router_sees_a_change_at_its_next_look_live(client: Any, table: str) -> None:
    now = [ENDED]
    book = _book(client, table, now)
    assert _figures(book) == {}
    _tracker(client, table).track([record(1, error="unavailable")])
    assert _figures(book) == {}
    now[0] += 6
    assert _figures(book)[KEY].failed_milli == 1000


def test_this_processs_own_breaker_stands_beside_what_all_have_seen_live(client: Any, table: str) -> None:
    _tracker(client, table).track(record(number) for number in range(9))
    book = _book(client, table, [ENDED])
    for _ in range(FAILURES_TO_OPEN):
        book.note(KEY, Attempt("acme/one", "acme", 5, error="timeout"))
    figures = _figures(book)[KEY]
    assert (figures.is_open, figures.calls) == (True, 9)


def test_without_the_table_the_last_figures_fade_and_it_is_told_live(client: Any, table: str) -> None:
    _tracker(client, table).track(record(number) for number in range(40))
    now, told = [ENDED], list[str]()
    book = _book(client, table, now, told)
    assert _figures(book)[KEY].calls == 40
    client.delete_table(TableName=table)
    now[0] += HALF_LIFE_S
    assert _figures(book)[KEY].calls == 20
    assert len(told) == 1
