"""The seed registry and the dialects agree: what a card lists, its provider's dialect can say."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from pointsman.adapters.providers.dialects.dialect import Call
from pointsman.adapters.providers.dialects.table import DIALECTS
from pointsman.adapters.registry_yaml import read_cards
from pointsman.domain.json_types import JsonObject
from pointsman.domain.model_card import ModelCard
from pointsman.domain.request import ChatRequest, MediaPart, Message, Modality, Reasoning, TextPart

from tests.conformance.replaying import CATALOG

REGISTRY = Path(__file__).parents[2] / "registry"
CARDS: Sequence[ModelCard] = tuple(
    card for card in read_cards(REGISTRY) if card.kind == "chat" and card.endpoints[0].provider in CATALOG
)
VALUES: Mapping[str, Any] = {
    "n": 1,
    "top_p": 0.5,
    "stop": ["END"],
    "service_tier": "default",
    "user": "u1",
    "logit_bias": {"7": 1},
    "logprobs": True,
}
EFFORTS = [(card, effort) for card in CARDS for effort in card.reasoning_efforts]


MEDIA: Mapping[Modality, MediaPart] = {
    "image": MediaPart("image", "image/png", base64_data="AAAA"),
    "audio": MediaPart("audio", "audio/wav", base64_data="AAAA"),
    "video": MediaPart("video", "video/mp4", base64_data="AAAA"),
    "file": MediaPart("file", "application/pdf", base64_data="AAAA"),
}


def encode(card: ModelCard, *media: MediaPart, **settings: Any) -> JsonObject:
    request = ChatRequest((Message("user", (TextPart("Hello"), *media)),), **settings)
    endpoint = card.endpoints[0]
    spec = CATALOG[endpoint.provider]
    dialect = DIALECTS[spec.dialect_for(card.kind, endpoint.mode)]
    return dialect.encode(Call(request, card, spec, endpoint.upstream_model)).body


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
def test_every_parameter_of_a_card_can_be_said(card: ModelCard) -> None:
    parameters = {name: VALUES.get(name, 1) for name in card.parameters - {"reasoning_effort"}}
    bare = encode(card)
    for name, value in parameters.items():
        said = encode(card, parameters={name: value})
        assert said != bare or (name, value) == ("n", 1)


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
def test_every_kind_of_input_of_a_card_can_be_sent(card: ModelCard) -> None:
    bare = encode(card)
    for kind in sorted(card.input_modalities - {"text"}):
        assert encode(card, MEDIA[kind]) != bare


@pytest.mark.parametrize(("card", "effort"), EFFORTS, ids=lambda value: getattr(value, "id", value))
def test_every_effort_of_a_card_can_be_said(card: ModelCard, effort: str) -> None:
    assert encode(card, reasoning=Reasoning(effort), max_output_tokens=32_000) != encode(card, max_output_tokens=32_000)


@pytest.mark.parametrize("model", ["anthropic/claude-haiku-4-5", "google/gemini-2.5-pro", "google/gemini-2.5-flash"])
def test_models_of_the_time_before_efforts_are_marked(model: str) -> None:
    card = next(card for card in CARDS if card.id == model)
    assert "thinking_budget" in card.features
