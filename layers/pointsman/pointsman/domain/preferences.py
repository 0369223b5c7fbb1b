"""What one caller wants of the choice: an objective, limits, and which models may serve."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from pointsman.domain.budget import BudgetPeriod
from pointsman.domain.registry import Objective

Role = Literal["app", "operator"]

AUTO = "pointsman/auto"


@dataclass(frozen=True, slots=True)
class Preferences:
    """None means that the policy's value holds. Patterns are globs over model ids, such as `anthropic/*`.

    `requested_model` is what the caller wrote; `models` the only ids that may serve, none meaning all. Where
    `is_auto` is false the caller's order of them is the choice.
    Prices are US dollars per million tokens, `max_cost_usd` per request.
    """

    requested_model: str = AUTO
    models: tuple[str, ...] = ()
    is_auto: bool = True
    objective: Objective | None = None
    min_quality_milli: int | None = None
    max_cost_usd: Decimal | None = None
    max_latency_ms: int | None = None
    willingness_to_pay_usd: Decimal | None = None
    allowed_models: tuple[str, ...] | None = None
    excluded_models: tuple[str, ...] = ()
    only_providers: tuple[str, ...] = ()
    ignored_providers: tuple[str, ...] = ()
    provider_order: tuple[str, ...] = ()
    allow_fallbacks: bool = True
    require_parameters: bool = False
    zero_retention: bool = False
    no_training: bool = False
    max_usd_per_mtok_input: Decimal | None = None
    max_usd_per_mtok_output: Decimal | None = None
    service_tier: str = "default"
    reasoning_effort: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and what the key allows: the key's id (never the key), and the models it may use, as globs.

    An empty tuple allows all, None means no limit. The two data policy fields hold for every request of the key.
    """

    key_id: str
    allowed_models: tuple[str, ...] = ()
    role: Role = "app"
    objectives: tuple[Objective, ...] = ()
    zero_retention: bool = False
    no_training: bool = False
    requests_per_minute: int | None = None
    budget_usd: Decimal | None = None
    budget_period: BudgetPeriod = "month"
