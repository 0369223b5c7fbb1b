"""What a model can do, what it costs and what is known of how well it answers. Data only, no judgement."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from pointsman.domain.reply import PricedUnit, TokenClass
from pointsman.domain.request import Modality, ModelKind

ModelClass = Literal["flagship", "main", "mid", "mini"]
EvidenceKind = Literal["accuracy", "elo", "index"]
AbilityBasis = Literal["evidence", "class_prior"]


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars from `valid_from` until before `valid_until`, for prompts above `above_input_tokens` tokens.

    `checked` is the day on which the source was last read.
    """

    valid_from: date
    usd_per_mtok: Mapping[TokenClass, Decimal]
    usd_per_unit: Mapping[PricedUnit, Decimal]
    source: str
    valid_until: date | None = None
    service_tier: str = "default"
    above_input_tokens: int = 0
    checked: date | None = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One account at which the model is served; `provider` names a row of the provider catalog.

    `mode` names another of the provider's interfaces than its usual one, such as `responses`.
    """

    provider: str
    upstream_model: str
    region: str | None = None
    mode: str | None = None


@dataclass(frozen=True, slots=True)
class Speed:
    """The card's prior before live figures: median time to first token and output tokens a second."""

    ttft_ms: int
    tokens_per_s: int
    source: str
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One published score: accuracy in [0, 1], an Elo, or an index of its own scale.

    `n` is the number of answers or votes behind it, 0 where unknown.
    """

    benchmark: str
    kind: EvidenceKind
    score: float
    as_of: date
    source: str
    n: int = 0


@dataclass(frozen=True, slots=True)
class GradedAnswer:
    """The model's answer to one prompt, graded from 0 to 1000, and what the meta-model read in that prompt."""

    prompt_id: str
    score_milli: int
    discrimination_milli: tuple[int, ...]
    difficulty_milli: int


@dataclass(frozen=True, slots=True)
class Grading:
    """Answers that an operator graded, whose prompts one meta-model read. For another one they mean nothing."""

    meta_model_sha256: str
    as_of: date
    answers: tuple[GradedAnswer, ...]


@dataclass(frozen=True, slots=True)
class Ability:
    """Posterior of the ability vector in thousandths, per dimension of the meta-model named by its sha256.

    `joint_milli` is the posterior's sd along what prompts ask for, to that of dimensions that vary by themselves: what
    is not known of one dimension is mostly undone by another.
    """

    mean_milli: tuple[int, ...]
    sd_milli: tuple[int, ...]
    meta_model_sha256: str
    basis: AbilityBasis
    joint_milli: int = 1000


@dataclass(frozen=True, slots=True)
class DataPolicy:
    """None where the provider has not said; a caller who demands it then does not get this model."""

    zero_retention: bool | None = None
    trains_on_data: bool | None = None


@dataclass(frozen=True, slots=True)
class ModelCard:
    """One model as sold by one provider. `verbosity_milli` scales the predicted output length (1000 = average).

    `weight_milli` is the share of requests for `auto` in which it may be chosen: 1000 all, 0 none, for anybody.
    `exploration_milli` is the share of them that it gets while others rank before it: a new model on trial.

    `context_tokens` and `max_output_tokens` are 0 where the provider states no limit in tokens. `sources` tell
    where the facts come from that have no source of their own; `notes` where sources disagree.
    """

    id: str
    name: str
    kind: ModelKind
    model_class: ModelClass
    endpoints: tuple[Endpoint, ...]
    released: date
    context_tokens: int
    max_output_tokens: int
    tokenizer: str
    input_modalities: frozenset[Modality]
    output_modalities: frozenset[Modality]
    features: frozenset[str]
    parameters: frozenset[str]
    prices: tuple[Price, ...]
    speed: Speed
    reasoning_efforts: tuple[str, ...] = ()
    retires_on: date | None = None
    data_policy: DataPolicy = DataPolicy()
    evidence: tuple[Evidence, ...] = ()
    gradings: tuple[Grading, ...] = ()
    ability: Ability | None = None
    verbosity_milli: int = 1000
    enabled: bool = True
    weight_milli: int = 1000
    exploration_milli: int = 0
    sources: tuple[str, ...] = ()
    notes: str = ""
