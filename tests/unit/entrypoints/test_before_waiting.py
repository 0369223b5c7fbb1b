"""Something is done before a wait, and only before a wait; the wait itself is as any other."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable

import pytest
from pointsman.entrypoints.http.before_waiting import await_after


class Flushes:
    def __init__(self) -> None:
        self.count = 0

    async def __call__(self) -> None:
        await asyncio.sleep(0)
        self.count += 1


async def wait_and_say(seconds: float, word: str) -> str:
    await asyncio.sleep(seconds)
    await asyncio.sleep(seconds)
    return word


async def say(word: str) -> str:
    return word


@pytest.mark.parametrize(("awaited", "flushes"), [(say("now"), 0), (wait_and_say(0.001, "now"), 1)])
def test_only_a_wait_comes_after_something_else_and_after_it_once(awaited: Awaitable[str], flushes: int) -> None:
    flush = Flushes()

    async def run() -> str:
        return await await_after(awaited, flush)

    assert (asyncio.run(run()), flush.count) == ("now", flushes)


def test_a_time_limit_inside_what_is_awaited_is_felt_there() -> None:
    async def give_up() -> str:
        try:
            async with asyncio.timeout(0.01):
                return await wait_and_say(60, "never")
        except TimeoutError:
            return await wait_and_say(0.001, "gave up")

    async def run() -> str:
        return await await_after(give_up(), Flushes())

    assert asyncio.run(run()) == "gave up"


def test_a_cancellation_closes_what_is_awaited() -> None:
    closed = list[str]()

    async def pieces() -> AsyncGenerator[str, None]:
        try:
            yield "first"
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0)
            closed.append("closed")

    async def run(source: AsyncGenerator[str, None]) -> None:
        while await await_after(anext(source, None), Flushes()) is not None:
            pass

    async def cancel() -> None:
        running = asyncio.create_task(run(pieces()))
        await asyncio.sleep(0.01)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(cancel())
    assert closed == ["closed"]


def test_what_cannot_be_done_first_is_raised() -> None:
    async def fail() -> None:
        raise ConnectionError("the client has gone")

    async def run() -> None:
        await await_after(wait_and_say(60, "never"), fail)

    with pytest.raises(ConnectionError):
        asyncio.run(run())
