"""Model cards and policy as documents of plain JSON values, and back: the form of YAML files and the registry's table.

Knows nothing of files or tables. Money is decimal text, days are ISO dates; registry/README.md describes each field.
"""

from itertools import combinations
from typing import Any

from pointsman.domain.documents.forms import (
    COUNT,
    DAY,
    FLAG,
    INTEGER,
    INTEGERS,
    MONEY,
    NUMBER,
    TEXT,
    TEXT_SET,
    TEXTS,
    THOUSANDTHS,
    FormError,
    many,
    one_of,
    record,
    set_of,
    table,
)
from pointsman.domain.errors import RegistryError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.model_card import (
    Ability,
    AbilityBasis,
    DataPolicy,
    Endpoint,
    Evidence,
    EvidenceKind,
    GradedAnswer,
    Grading,
    ModelCard,
    ModelClass,
    Price,
    Speed,
)
from pointsman.domain.registry import Objective, Policy
from pointsman.domain.reply import PricedUnit, TokenClass
from pointsman.domain.request import Modality, ModelKind

# So that a card stays far below the 400 KB of a table's item.
MOST_GRADED_ANSWERS = 500

_ENDPOINT = record(
    Endpoint,
    {
        "provider": ("provider", TEXT),
        "upstream_model": ("upstream_model", TEXT),
        "region": ("region", TEXT),
        "mode": ("mode", TEXT),
    },
)
_PRICE = record(
    Price,
    {
        "from": ("valid_from", DAY),
        "until": ("valid_until", DAY),
        "service_tier": ("service_tier", TEXT),
        "above_input_tokens": ("above_input_tokens", COUNT),
        "usd_per_mtok": ("usd_per_mtok", table(one_of(TokenClass), MONEY)),
        "usd_per_unit": ("usd_per_unit", table(one_of(PricedUnit), MONEY)),
        "source": ("source", TEXT),
        "checked": ("checked", DAY),
    },
    # Most models are sold by tokens alone, the others by units alone.
    blank={"usd_per_mtok": {}, "usd_per_unit": {}},
)
_SPEED = record(
    Speed,
    {
        "ttft_ms": ("ttft_ms", COUNT),
        "tokens_per_s": ("tokens_per_s", COUNT),
        "source": ("source", TEXT),
        "as_of": ("as_of", DAY),
    },
)
_EVIDENCE = record(
    Evidence,
    {
        "benchmark": ("benchmark", TEXT),
        "kind": ("kind", one_of(EvidenceKind)),
        "score": ("score", NUMBER),
        "n": ("n", COUNT),
        "as_of": ("as_of", DAY),
        "source": ("source", TEXT),
    },
)
_GRADED_ANSWER = record(
    GradedAnswer,
    {
        "prompt_id": ("prompt_id", TEXT),
        "score_milli": ("score_milli", THOUSANDTHS),
        "a_milli": ("discrimination_milli", INTEGERS),
        "b_milli": ("difficulty_milli", INTEGER),
    },
)
_GRADING = record(
    Grading,
    {
        "meta_model_sha256": ("meta_model_sha256", TEXT),
        "as_of": ("as_of", DAY),
        "answers": ("answers", many(_GRADED_ANSWER)),
    },
)
_DATA_POLICY = record(
    DataPolicy,
    {"zero_retention": ("zero_retention", FLAG), "trains_on_data": ("trains_on_data", FLAG)},
)
_ABILITY = record(
    Ability,
    {
        "mean_milli": ("mean_milli", INTEGERS),
        "sd_milli": ("sd_milli", INTEGERS),
        "meta_model_sha256": ("meta_model_sha256", TEXT),
        "basis": ("basis", one_of(AbilityBasis)),
        "joint_milli": ("joint_milli", COUNT),
    },
)
_CARD = record(
    ModelCard,
    {
        "id": ("id", TEXT),
        "name": ("name", TEXT),
        "kind": ("kind", one_of(ModelKind)),
        "class": ("model_class", one_of(ModelClass)),
        "enabled": ("enabled", FLAG),
        "released": ("released", DAY),
        "retires_on": ("retires_on", DAY),
        "endpoints": ("endpoints", many(_ENDPOINT)),
        "context_tokens": ("context_tokens", COUNT),
        "max_output_tokens": ("max_output_tokens", COUNT),
        "tokenizer": ("tokenizer", TEXT),
        "input_modalities": ("input_modalities", set_of(one_of(Modality))),
        "output_modalities": ("output_modalities", set_of(one_of(Modality))),
        "features": ("features", TEXT_SET),
        "parameters": ("parameters", TEXT_SET),
        "reasoning_efforts": ("reasoning_efforts", TEXTS),
        "prices": ("prices", many(_PRICE)),
        "speed": ("speed", _SPEED),
        "verbosity_milli": ("verbosity_milli", COUNT),
        "weight_milli": ("weight_milli", COUNT),
        "exploration_milli": ("exploration_milli", THOUSANDTHS),
        "data_policy": ("data_policy", _DATA_POLICY),
        "evidence": ("evidence", many(_EVIDENCE)),
        "gradings": ("gradings", many(_GRADING)),
        "ability": ("ability", _ABILITY),
        "sources": ("sources", TEXTS),
        "notes": ("notes", TEXT),
    },
)
_POLICY = record(
    Policy,
    {
        "safe_default": ("safe_default", TEXT),
        "reference_model": ("reference_model", TEXT),
        "objective": ("objective", one_of(Objective)),
        "willingness_to_pay_usd": ("willingness_to_pay_usd", MONEY),
        "time_value_usd_per_s": ("time_value_usd_per_s", MONEY),
        "quality_slack_milli": ("quality_slack_milli", COUNT),
        "quality_dead_band_milli": ("quality_dead_band_milli", COUNT),
        "ood_threshold_milli": ("ood_threshold_milli", COUNT),
        "widest_interval_milli": ("widest_interval_milli", COUNT),
        "max_attempts": ("max_attempts", COUNT),
    },
)


def decode_card(document: JsonObject) -> ModelCard:
    """Raises RegistryError, which names the model and the field."""
    name = document.get("id", "a model without id")
    try:
        card: ModelCard = _CARD.decode(document)
    except FormError as error:
        raise RegistryError(f"{name}: {error}", item=str(name), path=error.path.removeprefix(".")) from error
    _refuse_ambiguous_prices(card)
    _refuse_broken_gradings(card)
    return card


def encode_card(card: ModelCard) -> dict[str, Any]:
    """What is at its default is left out, so that a document holds only what is known."""
    return _CARD.encode(card)


def check_price(item: str, index: int, document: Any) -> None:
    """Raises RegistryError, which names the model and the field, for what is no row of prices."""
    try:
        _PRICE.decode(document)
    except FormError as error:
        path = f"prices[{index}]{error.path}"
        raise RegistryError(f"{item}: {path}: {error.reason}", item=item, path=path) from error


def decode_policy(document: JsonObject) -> Policy:
    """Raises RegistryError, which names the field."""
    try:
        return _POLICY.decode(document)
    except FormError as error:
        raise RegistryError(f"policy: {error}", item="policy", path=error.path.removeprefix(".")) from error


def encode_policy(policy: Policy) -> dict[str, Any]:
    return _POLICY.encode(policy)


def _refuse_ambiguous_prices(card: ModelCard) -> None:
    for index, price in enumerate(card.prices):
        if not price.usd_per_mtok and not price.usd_per_unit:
            raise _fault(card, f"prices[{index}]", "prices nothing")
    for (first, one), (second, other) in combinations(enumerate(card.prices), 2):
        if _overlap(one, other):
            raise _fault(card, f"prices[{second}]", f"holds on days on which prices[{first}] holds too")


def _refuse_broken_gradings(card: ModelCard) -> None:
    if sum(len(grading.answers) for grading in card.gradings) > MOST_GRADED_ANSWERS:
        raise _fault(card, "gradings", f"hold more than {MOST_GRADED_ANSWERS} answers")
    for index, grading in enumerate(card.gradings):
        sizes = {len(answer.discrimination_milli) for answer in grading.answers}
        if len(sizes) > 1:
            raise _fault(card, f"gradings[{index}]", f"a_milli: must have one length, not {sorted(sizes)}")
        names = [answer.prompt_id for answer in grading.answers]
        if len(set(names)) < len(names):
            raise _fault(card, f"gradings[{index}]", "prompt_id: stands twice")


def _fault(card: ModelCard, path: str, reason: str) -> RegistryError:
    return RegistryError(f"{card.id}: {path}: {reason}", item=card.id, path=path)


def _overlap(one: Price, other: Price) -> bool:
    same_case = (one.service_tier, one.above_input_tokens) == (other.service_tier, other.above_input_tokens)
    one_ends_first = one.valid_until is not None and one.valid_until <= other.valid_from
    other_ends_first = other.valid_until is not None and other.valid_until <= one.valid_from
    return same_case and not one_ends_first and not other_ends_first
