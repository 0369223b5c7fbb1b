"""Conversations for APIs whose turns alternate between user and model, with the system's words set apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from pointsman.domain.errors import RequestError
from pointsman.domain.request import ChatRequest, Message

SYSTEM_ROLES = ("system", "developer")


@dataclass(frozen=True, slots=True)
class Placed:
    """A message with its place in the request, for errors to name."""

    message: Message
    place: str


@dataclass(frozen=True, slots=True)
class Turn:
    """Neighbouring messages of one side; results of tools, which come first, are the user's side."""

    side: Literal["user", "model"]
    messages: tuple[Placed, ...]


def system_messages(request: ChatRequest) -> tuple[Placed, ...]:
    return tuple(placed for placed in _place(request) if placed.message.role in SYSTEM_ROLES)


def alternate_turns(request: ChatRequest) -> Sequence[Turn]:
    spoken = [placed for placed in _place(request) if placed.message.role not in SYSTEM_ROLES]
    if not spoken:
        raise RequestError("this model needs a user's message, not instructions alone", field="messages")
    if spoken[0].message.role == "assistant":
        raise RequestError("this model's conversations begin with the user", field=f"{spoken[0].place}.role")
    return [_as_turn(tuple(group)) for _, group in groupby(spoken, key=_is_of_model)]


def _place(request: ChatRequest) -> list[Placed]:
    return [Placed(message, f"messages[{number}]") for number, message in enumerate(request.messages)]


def _is_of_model(placed: Placed) -> bool:
    return placed.message.role == "assistant"


def _as_turn(group: tuple[Placed, ...]) -> Turn:
    results_first = sorted(group, key=lambda placed: placed.message.role != "tool")
    return Turn("model" if _is_of_model(group[0]) else "user", tuple(results_first))
