"""What the tables take and cost at 1, 100 and 10,000 requests a second, and how hot they get: `python -m bench.scale`.

On paper, from items that the real adapters write and keys that they write them under; nothing is asked of AWS.
"""

import argparse
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import md5
from math import ceil, log2
from typing import Final

from pointsman.adapters.dynamodb.budgets import REMEMBERED_S as BUDGET_REMEMBERED_S
from pointsman.adapters.dynamodb.keys import REMEMBERED_S as KEY_REMEMBERED_S
from pointsman.adapters.dynamodb.rate_limiter import slices_of as limit_slices
from pointsman.adapters.dynamodb.registry import CHECK_EVERY_S
from pointsman.bootstrap.router import new_generation_id
from pointsman.domain.budget import slice_of, slices_of

from bench.item_sizes import Sizes, measure_items, read_units, write_units

RATES: Final = (1, 100, 10_000)
SECONDS_A_MONTH: Final = 30 * 24 * 3600
# On demand in us-east-1, US dollars: a million units; a GB and month with point-in-time recovery.
USD_PER_M_WRITES: Final = 0.625
USD_PER_M_READS: Final = 0.125
USD_PER_GB: Final = 0.25 + 0.20
KEPT_MONTHS: Final = 3
PARTITION_WRITES: Final = 1_000
PARTITION_READS: Final = 3_000
# What a new table on demand begins with.
LEAST_PARTITIONS: Final = 4
# A Lambda environment serves one request at a time, and lives for about so long.
REQUEST_S: Final = 2.0
PROCESS_S: Final = 3600.0
# The spend function's batching window.
BATCH_S: Final = 5
USD_A_REQUEST: Final = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Load:
    """Units a second that one use of a table takes; `items` are written anew a second and stay."""

    what: str
    writes: float = 0.0
    reads: float = 0.0
    items: float = 0.0
    item_bytes: int = 0

    @property
    def usd_a_month(self) -> float:
        units = self.writes * USD_PER_M_WRITES + self.reads * USD_PER_M_READS
        kept_gb = self.items * SECONDS_A_MONTH * KEPT_MONTHS * self.item_bytes / 1e9
        return units * SECONDS_A_MONTH / 1e6 + kept_gb * USD_PER_GB


def loads(rate: int, sizes: Sizes) -> Sequence[Load]:
    """All requests are chats of one key that has a rate limit and a budget: every table is used at every request."""
    processes = processes_of(rate)
    shards = partitions(rate * write_units(sizes.audit))
    starts = processes / PROCESS_S
    return (
        Load("audit record", rate * write_units(sizes.audit), items=rate, item_bytes=sizes.audit),
        Load("session found and kept", rate, rate * read_units(sizes.session, is_consistent=False)),
        Load("budget reserved and settled", 2 * rate, processes / BUDGET_REMEMBERED_S),
        Load("spend counted", *_spend_units(rate, shards, sizes)),
        Load("rate limit leased", lease_writes(rate)),
        Load("key looked up", reads=processes / KEY_REMEMBERED_S * read_units(sizes.key, is_consistent=True)),
        Load("registry looked at", reads=processes / (sum(CHECK_EVERY_S) / 2)),
        Load(
            "registry read at a start",
            reads=starts * sum(read_units(size, is_consistent=True) for size in sizes.registry),
        ),
    )


def processes_of(rate: int) -> int:
    return max(1, ceil(rate * REQUEST_S))


def lease_writes(rate: int) -> float:
    """A process leases its requests of a minute in blocks that double."""
    requests = rate * 60 / processes_of(rate)
    return processes_of(rate) * (ceil(log2(requests + 1)) + 2) / 60


def _spend_units(rate: int, shards: int, sizes: Sizes) -> tuple[float, float]:
    """Each shard's batch rewrites its page of the key's day."""
    batches = min(rate, shards / BATCH_S)
    return batches * write_units(sizes.spend_page), batches * read_units(sizes.spend_page, is_consistent=True)


def partitions(writes: float, reads: float = 0.0) -> int:
    return max(LEAST_PARTITIONS, ceil(writes / PARTITION_WRITES), ceil(reads / PARTITION_READS))


def hottest(keys: Mapping[str, float], *, of: int) -> tuple[float, float]:
    """Units a second on the hottest of so many partitions, each with its stretch of the keys' hashes: as they are, and
    after DynamoDB has split what is hotter than a partition may be. One key's heat cannot be split."""
    stretches: dict[int, dict[int, float]] = {}
    for key, units in keys.items():
        place = int.from_bytes(md5(key.encode(), usedforsecurity=False).digest()[:8], "big")
        stretches.setdefault(place * of >> 64, {})[place] = units
    return (
        max(sum(stretch.values()) for stretch in stretches.values()),
        max(_after_splits(sorted(stretch.items())) for stretch in stretches.values()),
    )


def _after_splits(stretch: Sequence[tuple[int, float]]) -> float:
    heat, middle = sum(units for _, units in stretch), len(stretch) // 2
    if heat <= PARTITION_WRITES or len(stretch) == 1:
        return heat
    return max(_after_splits(stretch[:middle]), _after_splits(stretch[middle:]))


Keys = Callable[[int, Sizes], Iterator[tuple[str, float]]]


def _audit(rate: int, sizes: Sizes) -> Iterator[tuple[str, float]]:
    yield from ((new_generation_id(), write_units(sizes.audit)) for _ in range(rate))


def _audit_by_day(rate: int, sizes: Sizes) -> Iterator[tuple[str, float]]:
    yield "2026-11-27", rate * write_units(sizes.audit)


def _sessions(rate: int, _sizes: Sizes) -> Iterator[tuple[str, float]]:
    yield from ((f"team/begins-{random.getrandbits(128):032x}", 1.0) for _ in range(rate))


def _budget(rate: int, _sizes: Sizes) -> Iterator[tuple[str, float]]:
    slices = slices_of(rate * 86_400 * USD_A_REQUEST, "day")
    for _ in range(rate):
        yield f"team/2026-11-27/{slice_of(new_generation_id(), slices)}", 2.0


def _budget_unsliced(rate: int, _sizes: Sizes) -> Iterator[tuple[str, float]]:
    yield "team/2026-11-27/0", 2.0 * rate


def _spend(rate: int, sizes: Sizes) -> Iterator[tuple[str, float]]:
    writes, _ = _spend_units(rate, partitions(rate * write_units(sizes.audit)), sizes)
    yield "team", writes


def _spend_counter(rate: int, _sizes: Sizes) -> Iterator[tuple[str, float]]:
    """In one transaction with the audit record, which takes two units."""
    yield "team#2026-11-27", 2.0 * rate


def _limit(rate: int, _sizes: Sizes) -> Iterator[tuple[str, float]]:
    slices = limit_slices(rate * 60)
    for number in range(slices):
        yield f"team/{number}#29765000", lease_writes(rate) / slices


DESIGNS: Final[Mapping[str, tuple[Keys, Keys, str]]] = {
    "audit": (_audit, _audit_by_day, "partitioned by day"),
    "sessions": (_sessions, lambda rate, _: iter([("team", 1.0 * rate)]), "partitioned by key"),
    "budgets": (_budget, _budget_unsliced, "one counter a key"),
    "limits": (_limit, lambda rate, _: iter([("team#29765000", 1.0 * rate)]), "a write a request"),
    "spend": (_spend, _spend_counter, "a counter in the audit's transaction"),
}


def _together(pairs: Iterator[tuple[str, float]]) -> dict[str, float]:
    sums: dict[str, float] = {}
    for key, units in pairs:
        sums[key] = sums.get(key, 0.0) + units
    return sums


def tell_heat(rate: int, sizes: Sizes) -> None:
    print(f"\nHottest partition at {rate:,} requests a second of one key, of {PARTITION_WRITES:,}: at first, split:")
    for table, (ours, other, said) in DESIGNS.items():
        told: list[str] = []
        for design in (ours, other):
            keys = _together(design(rate, sizes))
            at_first, split = hottest(keys, of=partitions(2 * sum(keys.values())))
            told.append(f"{at_first:>8,.0f} {split:>8,.0f}")
        print(f"  {table:10} {told[0]}   {said}: {told[1]}")


def tell_cost(rate: int, sizes: Sizes) -> None:
    print(f"\nAt {rate:,} requests a second:")
    total = 0.0
    for load in loads(rate, sizes):
        total += load.usd_a_month
        print(
            f"  {load.what:28} {load.writes:>12,.2f} writes {load.reads:>10,.2f} reads {load.usd_a_month:>13,.2f} USD"
        )
    month = rate * SECONDS_A_MONTH
    print(f"  {'a month':28} {month:,} requests, {total:,.2f} USD, {1e6 * total / month:.2f} USD a million requests")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=400, help="answered to measure items by")
    sizes = measure_items(parser.parse_args().records)
    print(
        f"bytes: audit {sizes.audit:,}, session {sizes.session}, counter {sizes.counter}, key {sizes.key}, "
        f"spend page {sizes.spend_page:,}, registry {sum(sizes.registry):,} in {len(sizes.registry)} documents"
    )
    for rate in RATES:
        tell_cost(rate, sizes)
    for rate in RATES[1:]:
        tell_heat(rate, sizes)


if __name__ == "__main__":
    main()
