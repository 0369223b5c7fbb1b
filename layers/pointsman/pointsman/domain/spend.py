"""What was spent: sums by key, day, model and task, of which each request is part once. Knows not where they lie."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

# Model and task.
Line = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Spent:
    """Requests that a model served, what they cost, and what that saved against the reference model."""

    requests: int = 0
    usd: Decimal = Decimal(0)
    saved_usd: Decimal = Decimal(0)

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(self.requests + other.requests, self.usd + other.usd, self.saved_usd + other.saved_usd)

    @property
    def reference_usd(self) -> Decimal:
        """What the reference model would have cost."""
        return self.usd + self.saved_usd


@dataclass(frozen=True, slots=True)
class Entry:
    """What one request adds, under which key, day, model and task; or the sum of several."""

    key_id: str
    day: date
    model: str
    task: str
    spent: Spent

    @property
    def line(self) -> Line:
        return self.model, self.task


@dataclass(frozen=True, slots=True)
class Page:
    """A key's sums of one day. `seen` is the number of the last entry counted, by the sequence it came in."""

    lines: Mapping[Line, Spent] = field(default_factory=dict[Line, Spent])
    seen: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True)
class Numbered:
    """An entry with its number in a sequence. Numbers rise, though a sequence may be told again from anywhere."""

    number: int
    entry: Entry


def count_entries(page: Page, sequence: str, entries: Iterable[Numbered]) -> Page:
    """The page with every entry that it has not seen yet; the same page where it has seen all."""
    seen, lines = page.seen.get(sequence, -1), dict(page.lines)
    for numbered in sorted(entries, key=lambda numbered: numbered.number):
        if numbered.number > seen:
            line, seen = numbered.entry.line, numbered.number
            lines[line] = lines.get(line, Spent()) + numbered.entry.spent
    return page if seen == page.seen.get(sequence, -1) else Page(lines, {**page.seen, sequence: seen})


def sum_up(entries: Iterable[Entry]) -> Spent:
    return sum((entry.spent for entry in entries), Spent())


def sum_by_model(entries: Sequence[Entry]) -> dict[str, Spent]:
    return _sum_by((entry.model, entry.spent) for entry in entries)


def sum_by_task(entries: Sequence[Entry]) -> dict[str, Spent]:
    return _sum_by((entry.task, entry.spent) for entry in entries)


def sum_by_key(entries: Sequence[Entry]) -> dict[str, Spent]:
    return _sum_by((entry.key_id, entry.spent) for entry in entries)


def sum_by_day(entries: Sequence[Entry]) -> dict[str, Spent]:
    """By ISO date, in order."""
    return dict(sorted(_sum_by((entry.day.isoformat(), entry.spent) for entry in entries).items()))


def _sum_by(pairs: Iterable[tuple[str, Spent]]) -> dict[str, Spent]:
    """The dearest first."""
    sums: dict[str, Spent] = {}
    for name, spent in pairs:
        sums[name] = sums.get(name, Spent()) + spent
    return dict(sorted(sums.items(), key=lambda pair: (-pair[1].usd, pair[0])))
