"""The breaker of one model at one endpoint: when it opens, and when it lets through again."""

import asyncio
from dataclasses import dataclass, field
from typing import get_args

import pytest
from pointsman.adapters.in_memory_live_book import FAILURES_TO_OPEN, OPEN_S, InMemoryLiveBook
from pointsman.domain.errors import ProviderErrorKind
from pointsman.domain.ledger import Attempt
from pointsman.domain.recovery import is_about_the_request

KEY = "acme/one@acme"
KINDS: tuple[ProviderErrorKind, ...] = get_args(ProviderErrorKind)


@dataclass(slots=True)
class Watched:
    """A book at a time of the test's own."""

    now: float = 0.0
    book: InMemoryLiveBook = field(init=False)

    def __post_init__(self) -> None:
        self.book = InMemoryLiveBook(lambda: self.now)

    def note(self, *errors: ProviderErrorKind | None, key: str = KEY, times: int = 1) -> None:
        for error in errors * times:
            self.book.note(key, Attempt("acme/one", "acme", 5, error=error))

    @property
    def open_keys(self) -> set[str]:
        return {key for key, figures in asyncio.run(self.book.figures()).items() if figures.is_open}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not is_about_the_request(kind)])
def test_failures_in_a_row_open_the_breaker_of_that_endpoint_alone(kind: ProviderErrorKind) -> None:
    watched = Watched()
    watched.note(kind, times=FAILURES_TO_OPEN - 1)
    watched.note(kind, key="acme/two@acme")
    assert watched.open_keys == set()
    watched.note(kind)
    assert watched.open_keys == {KEY}


@pytest.mark.parametrize("kind", ["invalid_request", "content_policy", "context_length"])
def test_what_the_caller_sent_is_no_failure_of_the_model(kind: ProviderErrorKind) -> None:
    watched = Watched()
    watched.note(kind, times=10)
    assert watched.open_keys == set()


def test_a_callers_fault_in_between_neither_counts_nor_heals() -> None:
    watched = Watched()
    watched.note("timeout", "timeout", "invalid_request", "timeout")
    assert watched.open_keys == {KEY}


def test_an_answer_in_between_starts_the_count_anew() -> None:
    watched = Watched()
    watched.note("timeout", "timeout", None, "timeout", "timeout")
    assert watched.open_keys == set()


def test_it_lets_through_again_after_a_while_and_one_more_failure_shuts_it() -> None:
    watched = Watched()
    watched.note("overloaded", times=FAILURES_TO_OPEN)
    watched.now = OPEN_S - 0.1
    assert watched.open_keys == {KEY}
    watched.now = OPEN_S
    assert watched.open_keys == set()
    watched.note("overloaded")
    assert watched.open_keys == {KEY}


def test_an_answer_after_that_while_heals_it() -> None:
    watched = Watched()
    watched.note("overloaded", times=FAILURES_TO_OPEN)
    watched.now = OPEN_S
    watched.note(None, "overloaded", "overloaded")
    assert watched.open_keys == set()
