"""What the use cases need from outside, as small Protocols. Adapters implement them; nothing here knows how."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, Protocol

from pointsman.domain.features import Reading
from pointsman.domain.model_card import Endpoint, ModelCard
from pointsman.domain.reply import ReplyEvent
from pointsman.domain.request import ChatRequest


class MetaModel(Protocol):
    """Reads a prompt. `labels` are the task labels in the order of `Reading.task_milli`."""

    @property
    def sha256(self) -> str: ...

    @property
    def labels(self) -> tuple[str, ...]: ...

    def read(self, text: str) -> Reading: ...


class Providers(Protocol):
    """Calls models. The first event comes only once the provider has begun to answer.

    Raises ProviderError, before the first event or in the middle.
    """

    def reply(
        self, request: ChatRequest, card: ModelCard, endpoint: Endpoint, *, timeout_s: float
    ) -> AsyncIterator[ReplyEvent]: ...


class Meter(Protocol):
    """Counts. `dimensions` are few and bounded; `properties` may be anything but text of prompts."""

    def record(
        self, metrics: Mapping[str, float], dimensions: Mapping[str, str], properties: Mapping[str, Any]
    ) -> None: ...
