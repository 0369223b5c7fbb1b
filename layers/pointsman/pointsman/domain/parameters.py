"""Which of a request's parameters a model takes. What it does not take is named, so that it can be reported."""

from collections.abc import Mapping
from typing import Any

from pointsman.domain.model_card import ModelCard
from pointsman.domain.request import ChatRequest


def parameters_to_send(request: ChatRequest, card: ModelCard) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """The parameters that `card` lists, and the names of those that it does not."""
    sent = {name: value for name, value in request.parameters.items() if name in card.parameters}
    left_out = tuple(sorted(request.parameters.keys() - sent.keys()))
    return sent, left_out
