"""What one recorded answer says of its first choice, and the small steps that all plain readings share."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, cast

Told = Literal["total", "cache_read", "cache_write", "reasoning"]


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call; `arguments` is what its JSON says."""

    name: str
    arguments: Any


@dataclass(frozen=True, slots=True)
class Ending:
    """`word` is the public word for how it ended: None where it does not say, "error" where it broke off.

    `unknown` is a reason that no table has: to be refused, not guessed.
    """

    word: str | None = None
    unknown: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What an answer says; `tokens` holds those counts that it tells, `vectors` the length of each.

    `job` is the id of an order that was taken, `job_status` how far one is that was asked after.
    """

    text: str = ""
    calls: tuple[Call, ...] = ()
    ending: Ending = Ending()
    tokens: Mapping[Told, int] = field(default_factory=dict[Told, int])
    cost_usd: Decimal | None = None
    reports_error: bool = False
    media: int | None = None
    vectors: tuple[int, ...] = ()
    job: str | None = None
    job_status: str | None = None


def objects(value: Any) -> list[dict[str, Any]]:
    items = cast(list[Any], value) if isinstance(value, list) else []
    return [cast(dict[str, Any], item) for item in items if isinstance(item, dict)]


def obj(value: Any) -> dict[str, Any]:
    return cast(dict[str, Any], value) if isinstance(value, dict) else {}


def parse_arguments(text: str) -> Any:
    """Some models leave the arguments empty where a tool has none."""
    return json.loads(text) if text.strip() else {}


def ending_in(table: Mapping[str, str], native: str | None) -> Ending:
    if native is None:
        return Ending()
    return Ending(table[native]) if native in table else Ending(unknown=native)


def counts(**told: Any) -> dict[Told, int]:
    return {cast(Told, name): int(count) for name, count in told.items() if count is not None}


def first(found: Iterable[Any]) -> Any:
    """The first that says anything."""
    return next((each for each in found if each), None)


class CallPieces:
    """Tool calls as they come in pieces: a piece with a name begins a call, others go on with that of their index.

    Some providers repeat name and id in every piece; the same id is the same call.
    """

    def __init__(self) -> None:
        self._calls: list[tuple[str, list[str]]] = []
        self._by_index: dict[Any, tuple[str | None, list[str]]] = {}

    def add(self, index: Any, name: str | None, arguments: str | None, *, call_id: str | None = None) -> None:
        known_id, pieces = self._by_index.get(index, (None, None))
        if pieces is None or (name and not (call_id and call_id == known_id)):
            pieces = list[str]()
            self._calls.append((name or "", pieces))
            self._by_index[index] = (call_id, pieces)
        pieces.append(arguments or "")

    def __iter__(self) -> Iterator[Call]:
        return (Call(name, parse_arguments("".join(pieces))) for name, pieces in self._calls)
