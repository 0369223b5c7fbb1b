"""Laps exclude each other and add up to the whole, whoever takes them."""

import asyncio

import pytest
from pointsman.application.stopwatch import UPSTREAM, Stopwatch, lap, start_stopwatch


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_lap_inside_another_counts_for_itself_alone_and_all_add_up() -> None:
    clock = Clock()
    watch = Stopwatch(clock)
    clock.now += 1
    with watch.lap("features"):
        clock.now += 2
        with watch.lap("model"):
            clock.now += 4
        clock.now += 8
    with watch.lap(UPSTREAM), watch.lap("translate"):
        clock.now += 16
    with watch.lap(UPSTREAM):
        clock.now += 32
    clock.now += 64
    spent = {"first_byte": 65_000, "features": 10_000, "model": 4_000, "translate": 16_000, UPSTREAM: 32_000}
    assert watch.spent_ms() == spent
    assert watch.overhead_ms() == sum(spent.values()) - 32_000


def test_a_lap_that_fails_ends_all_the_same() -> None:
    clock = Clock()
    watch = Stopwatch(clock)
    with pytest.raises(ValueError, match="no"), watch.lap("parse"):
        clock.now += 1
        raise ValueError("no")
    clock.now += 2
    assert watch.spent_ms() == {"first_byte": 2_000, "parse": 1_000}


def test_each_request_has_its_own_watch_also_in_its_threads_and_tasks() -> None:
    clock = Clock()

    def work(name: str) -> None:
        with lap(name):
            clock.now += 1

    async def serve(name: str) -> Stopwatch:
        watch = start_stopwatch(clock)
        await asyncio.to_thread(work, name)
        await asyncio.create_task(asyncio.to_thread(work, name))
        return watch

    async def serve_both() -> list[Stopwatch]:
        return [await serve("one"), await asyncio.create_task(serve("two"))]

    for watch, name in zip(asyncio.run(serve_both()), ("one", "two"), strict=True):
        assert watch.spent_ms()[name] == 2_000
    work("nobody's")
