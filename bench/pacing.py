"""A key whose day would cost twice its budget, with the hard cap alone and with pacing: `python -m bench.pacing`.

Requests come evenly over the day and are answered by simulated models of the packed registry.
"""

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from pointsman.application.incoming import Incoming
from pointsman.domain.budget import Budget
from pointsman.domain.preferences import Caller, Preferences

from bench.decisions import KeptDocuments, NoBudgets, answer_many, packed_registry
from bench.preview import Simulated

QUARTERS: Final = 4
# At the end of its time a budget slows nobody down: what is left is the hard cap.
NOT_PACED: Final = 1000


@dataclass(slots=True)
class SimulatedBudget:
    """Implements BudgetBook for one key, at a time that is told."""

    limit_usd: Decimal
    is_paced: bool
    elapsed_milli: int = 0
    spent: Decimal = Decimal(0)
    _reserved: dict[str, Decimal] = field(default_factory=dict[str, Decimal])

    async def budget(self, request_id: str, caller: Caller) -> Budget | None:
        return Budget(self.limit_usd, self.spent, self.elapsed_milli if self.is_paced else NOT_PACED)

    async def spent_usd(self, caller: Caller) -> Decimal:
        return self.spent

    async def reserve(self, request_id: str, caller: Caller, usd: Decimal) -> bool:
        is_left = self.spent + usd <= self.limit_usd
        self.spent += usd if is_left else Decimal(0)
        self._reserved[request_id] = usd
        return is_left

    async def settle(self, request_id: str, usd: Decimal) -> None:
        if request_id in self._reserved:
            self.spent += usd - self._reserved.pop(request_id)


@dataclass(frozen=True, slots=True)
class Quarter:
    answered: int
    asked: int
    usd: Decimal
    quality: float


def spend_a_day(count: int, budget: SimulatedBudget | None) -> list[Quarter]:
    registry = packed_registry(1)

    def arrange(number: int, incoming: Incoming) -> Incoming:
        if budget is not None:
            budget.elapsed_milli = 1000 * (number - 1) // count
        return replace(incoming, preferences=Preferences(objective="balanced"))

    kept = asyncio.run(
        answer_many(count, registry, Simulated(registry), budgets=budget or NoBudgets(), arrange=arrange)
    )
    return [_quarter(kept, count, number) for number in range(QUARTERS)]


def _quarter(kept: KeptDocuments, count: int, number: int) -> Quarter:
    first, last = count * number // QUARTERS, count * (number + 1) // QUARTERS
    asked = [record for record in kept.documents if first < int(record["id"].removeprefix("gen-")) <= last]
    answered = [record for record in asked if record["outcome"] == "answered"]
    quality = sum(record["ledger"]["candidates"][0]["quality"] for record in answered)
    usd = sum((Decimal(record["cost_usd"]) for record in answered), Decimal(0))
    return Quarter(len(answered), len(asked), usd, quality / max(1, len(answered)))


def _tell(name: str, quarters: Sequence[Quarter], limit_usd: Decimal) -> None:
    usd = sum((quarter.usd for quarter in quarters), Decimal(0))
    answered, asked = (sum(getattr(quarter, of) for quarter in quarters) for of in ("answered", "asked"))
    quality = sum(quarter.quality * quarter.answered for quarter in quarters)
    print(f"{name}: answered {answered / asked:.1%}, spent {usd / limit_usd:.1%} of the budget,")
    print(f"  quality of the answered {quality / max(1, answered):.3f}, of all {quality / asked:.3f} (unanswered 0)")
    for number, quarter in enumerate(quarters, start=1):
        share = f"{quarter.answered / quarter.asked:.0%}"
        print(f"  quarter {number}: answered {share}, {quarter.usd / limit_usd:.1%}, quality {quarter.quality:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=600)
    parser.add_argument("--share", type=Decimal, default=Decimal("0.5"), help="of what the day would cost")
    arguments = parser.parse_args()
    free = spend_a_day(arguments.count, None)
    limit_usd = arguments.share * sum((quarter.usd for quarter in free), Decimal(0))
    _tell("no budget", free, limit_usd)
    for name, is_paced in (("hard cap alone", False), ("paced", True)):
        _tell(name, spend_a_day(arguments.count, SimulatedBudget(limit_usd, is_paced)), limit_usd)


if __name__ == "__main__":
    main()
