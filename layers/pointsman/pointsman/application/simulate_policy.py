"""Sweeps policies over stored decisions and gives the frontier of cost and quality with today's point on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from pointsman.application.ports import AuditTrail
from pointsman.domain.documents.situation import decode_situation
from pointsman.domain.frontier import Point, Setting, mark_frontier, price_setting
from pointsman.domain.registry import Registry

WILLINGNESS_USD: Final = (
    "0",
    "0.0005",
    "0.001",
    "0.002",
    "0.005",
    "0.01",
    "0.02",
    "0.05",
    "0.1",
    "0.2",
    "0.5",
    "1",
    "5",
)
SLACKS_MILLI: Final = (0, 10, 20, 30, 50, 75, 100, 150, 200, 300)


@dataclass(frozen=True, slots=True)
class SimulatePolicy:
    trail: AuditTrail

    def simulate(
        self, registry: Registry, *, most: int, on: date, pools: Mapping[str, tuple[str, ...]]
    ) -> tuple[Point, ...]:
        """`pools` maps a label to model patterns. Only requests for `auto` can be decided otherwise and count."""
        situations = [
            replace(situation, today=on)
            for record in self.trail.newest(most)
            if (situation := decode_situation(record["situation"], registry)).preferences.is_auto
        ]
        points = [price_setting(setting, situations, registry) for setting in settings_to_try(pools)]
        return mark_frontier(points)


def settings_to_try(pools: Mapping[str, tuple[str, ...]]) -> Sequence[Setting]:
    swept: list[Setting] = [Setting("today", "today")]
    swept += [
        Setting("willingness_to_pay", f"{usd} USD", willingness_to_pay_usd=Decimal(usd)) for usd in WILLINGNESS_USD
    ]
    swept += [Setting("floor", f"best - {slack / 1000:g}", slack_milli=slack) for slack in SLACKS_MILLI]
    swept += [Setting("pool", label, pool=patterns) for label, patterns in pools.items()]
    return swept
