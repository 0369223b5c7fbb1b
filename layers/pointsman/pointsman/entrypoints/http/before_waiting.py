"""Awaits something, and does something else first if it makes one wait. Knows nothing of what is awaited."""

from collections.abc import Awaitable, Callable, Generator
from functools import partial
from types import coroutine
from typing import Any, TypeVar

T = TypeVar("T")


@coroutine
def await_after(awaited: Awaitable[T], before_waiting: Callable[[], Awaitable[object]]) -> Generator[Any, Any, T]:
    """The result of `awaited`. `before_waiting` is awaited once, and only where the result is not there at once.

    What is raised here meanwhile, such as a cancellation, is raised in `awaited`, as by `await`.
    """
    step, has_waited = awaited.__await__(), False
    resume: Callable[[], Any] = partial(step.send, None)
    while True:
        try:
            waits_for = resume()
        except StopIteration as ended:
            return ended.value
        try:
            if not has_waited:
                has_waited = True
                yield from before_waiting().__await__()
            resume = partial(step.send, (yield waits_for))
        except BaseException as error:  # noqa: BLE001 - it is for `awaited` to say what comes of it
            resume = partial(step.throw, error)
