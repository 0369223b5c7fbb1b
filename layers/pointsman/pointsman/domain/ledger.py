"""The record of one request: what was decided and why, what was tried, what it cost and what it would have cost."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from pointsman.domain.candidate import Candidate
from pointsman.domain.cost import Cost, cost_of_usage
from pointsman.domain.decision import Decision
from pointsman.domain.errors import ProviderErrorKind, RegistryError
from pointsman.domain.funnel import StepResult
from pointsman.domain.model_card import ModelCard
from pointsman.domain.pace import Pace
from pointsman.domain.reply import FinishReason, Usage
from pointsman.domain.structured_output import StructuredOutcome

Outcome = Literal["answered", "decided", "rejected", "failed", "interrupted", "cancelled"]
RUNNERS_UP = 3


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call of one provider; `error` is None where it answered, `duration_ms` the time to its first content.

    `connection_ms` of that went into a new connection; `pace` is known once a chat was answered. One that is cut short
    was given up for want of our own time, and says nothing about the model's health.
    """

    model: str
    provider: str
    duration_ms: int
    status: int | None = None
    error: ProviderErrorKind | None = None
    message: str = ""
    connection_ms: int = 0
    pace: Pace | None = None
    is_cut_short: bool = False


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why the request was not answered, in words that may reach the caller."""

    type: str
    message: str
    field: str | None = None
    funnel: tuple[StepResult, ...] = ()


@dataclass(frozen=True, slots=True)
class Served:
    """What was realised. `usage_estimated` means that the provider did not say and the text was measured."""

    candidate: Candidate
    usage: Usage
    cost: Cost
    finish_reason: FinishReason
    native_finish_reason: str | None
    usage_estimated: bool
    left_out_parameters: tuple[str, ...] = ()
    upstream_id: str | None = None


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """The same tokens at another model's prices; None where it cannot be priced that way."""

    model: str
    cost_usd: Decimal | None


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose request it was and how large: never what it said. `prompt_hmac` tells equal prompts apart from others."""

    id: str
    created_at: datetime
    route: str
    key_id: str
    requested_model: str
    streamed: bool
    prompt_chars: int = 0
    prompt_hmac: str = ""
    session_id: str | None = None

    @property
    def session_key(self) -> str | None:
        """No caller finds the session of another, whatever they call it."""
        return None if self.session_id is None else f"{self.key_id}/{self.session_id}"


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """One request, whole. Times are milliseconds since the request came in; None where it did not get so far.

    `foreign_thoughts` counts what the conversation held of other models' reasoning, which this one was not sent;
    `structure` says whether the answer is of the form asked for.
    """

    subject: Subject
    outcome: Outcome
    decision: Decision | None = None
    attempts: tuple[Attempt, ...] = ()
    served: Served | None = None
    rejection: Rejection | None = None
    first_token_ms: int | None = None
    total_ms: int = 0
    foreign_thoughts: int = 0
    structure: StructuredOutcome | None = None

    @property
    def cost_usd(self) -> Decimal:
        return self.served.cost.total_usd if self.served else Decimal(0)

    @property
    def cost_difference_usd(self) -> Decimal | None:
        """By how much the provider's own figure exceeds ours; None where it gives none."""
        told = self.served.usage.provider_cost_usd if self.served else None
        return None if told is None else told - self.cost_usd

    @property
    def fell_back(self) -> bool:
        """Another one answered than the one that was chosen."""
        if self.served is None or self.decision is None:
            return False
        return self.served.candidate.key != self.decision.chosen.candidate.key


def price_runners_up(record: AuditRecord) -> tuple[Counterfactual, ...]:
    """The realised tokens priced on the next best candidates."""
    if record.decision is None or record.served is None:
        return ()
    served = record.served
    others = [p.candidate.card for p in record.decision.order if p.candidate.key != served.candidate.key]
    return tuple(_counterfactual(card, served, record.decision.situation.today) for card in others[:RUNNERS_UP])


def price_reference(record: AuditRecord) -> Counterfactual | None:
    """The realised tokens priced on the one model a team would use for everything."""
    if record.decision is None or record.served is None:
        return None
    registry = record.decision.situation.registry
    card = registry.card(registry.policy.reference_model)
    return None if card is None else _counterfactual(card, record.served, record.decision.situation.today)


def _counterfactual(card: ModelCard, served: Served, today: date) -> Counterfactual:
    try:
        return Counterfactual(card.id, cost_of_usage(card, served.usage, on=today).total_usd)
    except RegistryError:
        return Counterfactual(card.id, None)
