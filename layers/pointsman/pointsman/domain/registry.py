"""The registry at one version: the models to choose from and the operator's policy. Knows not where it is stored."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from pointsman.domain.model_card import ModelCard

Objective = Literal["cost", "quality", "latency", "balanced"]


@dataclass(frozen=True, slots=True)
class Policy:
    """What holds where the caller says nothing. Qualities are in thousandths.

    `safe_default` serves when the meta-model does not know the prompt; `reference_model` is the one model
    a team would use for everything, against which savings are counted.
    """

    safe_default: str
    reference_model: str
    objective: Objective = "balanced"
    willingness_to_pay_usd: Decimal = Decimal("0.05")
    time_value_usd_per_s: Decimal = Decimal("0.0001")
    quality_slack_milli: int = 30
    quality_dead_band_milli: int = 5
    ood_threshold_milli: int = 950
    widest_interval_milli: int = 500
    max_attempts: int = 4


@dataclass(frozen=True, slots=True)
class Registry:
    """`version` rises by one with each edit; of one that is being edited it is the version it was made from."""

    version: int
    cards: tuple[ModelCard, ...]
    policy: Policy

    def card(self, model_id: str) -> ModelCard | None:
        return next((card for card in self.cards if card.id == model_id), None)

    def cards_named(self, name: str) -> tuple[ModelCard, ...]:
        """The card of this id, or all whose id is this behind an author: who comes from OpenAI says `gpt-6-luna`."""
        card = self.card(name)
        return (card,) if card else tuple(card for card in self.cards if card.id.partition("/")[2] == name)


@dataclass(frozen=True, slots=True)
class Change:
    """Who made a version, when and why."""

    author: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Version:
    """One entry of the history. `changed` names the first few items that differ from the version before."""

    number: int
    change: Change
    changed: tuple[str, ...]
    changed_count: int
