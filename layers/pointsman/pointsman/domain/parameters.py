"""Which of a request's parameters a model takes. What it does not take is named, so that it can be reported."""

from collections.abc import Mapping
from typing import Any

from pointsman.domain.model_card import ModelCard
from pointsman.domain.request import ChatRequest


def parameters_to_send(request: ChatRequest, card: ModelCard) -> Mapping[str, Any]:
    """The caller's parameters that this model takes."""
    return {name: value for name, value in request.parameters.items() if name in card.parameters}


def left_out_parameters(requested: frozenset[str], card: ModelCard) -> tuple[str, ...]:
    """The names of those that it does not take, so that they are not sent to it."""
    return tuple(sorted(requested - card.parameters))
