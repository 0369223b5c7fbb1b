"""What a dialect is: the functions that turn a request into one wire format and its replies back. No I/O."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from pointsman.adapters.providers.server_sent_events import ServerSentEvent
from pointsman.adapters.providers.spec import ProviderSpec
from pointsman.domain.json_types import JsonObject
from pointsman.domain.model_card import ModelCard
from pointsman.domain.reply import ReplyEvent
from pointsman.domain.request import ChatRequest


class MalformedReplyError(Exception):
    """The reply is not of the dialect, or broke off. The text names the field and holds nothing of the answer."""


class InStreamError(Exception):
    """The provider reported an error inside a reply that began well; `body` is what it said."""

    def __init__(self, body: JsonObject) -> None:
        super().__init__("error inside a reply")
        self.body = body


@dataclass(frozen=True, slots=True)
class Call:
    """One request on its way to one provider."""

    request: ChatRequest
    card: ModelCard
    spec: ProviderSpec
    upstream_model: str


@dataclass(frozen=True, slots=True)
class UpstreamRequest:
    """`path` is relative to the provider's base URL."""

    path: str
    body: JsonObject
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class ErrorReport:
    """What an error body says. `codes` are its codes and types, the most telling first."""

    message: str = ""
    codes: tuple[str, ...] = ()
    status: int | None = None
    retry_after_s: float | None = None


class Dialect(Protocol):
    """The decoders raise MalformedReplyError and InStreamError; `encode` raises RequestError."""

    def encode(self, call: Call) -> UpstreamRequest: ...

    def decode(self, body: JsonObject) -> Iterable[ReplyEvent]: ...

    def decode_stream(self, events: AsyncIterator[ServerSentEvent]) -> AsyncGenerator[ReplyEvent]: ...

    def decode_error(self, body: Any) -> ErrorReport: ...
