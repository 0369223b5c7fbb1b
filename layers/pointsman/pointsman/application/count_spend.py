"""Counts what audit records say was spent, each once, however often and in whatever pieces their stream is told."""

from collections.abc import Iterable
from datetime import date

from pointsman.application.ports import SpendBook
from pointsman.domain.spend import Numbered


def count_spend(book: SpendBook, sequence: str, entries: Iterable[Numbered]) -> None:
    """`sequence` names what the entries are numbered in, such as a shard of the stream. Failing half-way loses nothing:
    told again, what was counted already is not counted twice."""
    pages: dict[tuple[str, date], list[Numbered]] = {}
    for numbered in entries:
        pages.setdefault((numbered.entry.key_id, numbered.entry.day), []).append(numbered)
    for (key_id, day), of_page in pages.items():
        book.count(key_id, day, sequence, of_page)
