"""Model cards with only what a dialect looks at."""

from collections.abc import Iterable
from datetime import date

from pointsman.domain.model_card import ModelCard, Speed
from pointsman.domain.request import ModelKind


def card_with(
    *,
    parameters: Iterable[str] = (),
    features: Iterable[str] = (),
    reasoning_efforts: Iterable[str] = (),
    kind: ModelKind = "chat",
) -> ModelCard:
    return ModelCard(
        id="author/model",
        name="Model",
        kind=kind,
        model_class="main",
        endpoints=(),
        released=date(2026, 1, 1),
        context_tokens=100_000,
        max_output_tokens=8_192,
        tokenizer="unknown",
        input_modalities=frozenset(("text",)),
        output_modalities=frozenset(("text",)),
        features=frozenset(features),
        parameters=frozenset(parameters),
        prices=(),
        speed=Speed(500, 50, "a test"),
        reasoning_efforts=tuple(reasoning_efforts),
    )
