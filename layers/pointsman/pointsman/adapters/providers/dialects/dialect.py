"""What a dialect is: the functions that turn a request into one wire format and its replies back. No I/O."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from pointsman.adapters.providers.server_sent_events import ServerSentEvent
from pointsman.adapters.providers.spec import ProviderSpec
from pointsman.domain.jobs import JobStatus
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
class FormFile:
    """A file of a form, under the form's field `name`."""

    name: str
    filename: str
    mime_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class UpstreamRequest:
    """`path` is relative to the provider's base URL. With `files` it is sent as a form whose fields are the body's."""

    path: str
    body: JsonObject
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    files: tuple[FormFile, ...] = ()


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What to get before there is an answer: a provider's own URL, the one asked last where it is None.

    A file is fetched at once and read as a reply of `mime_type` and `base64_data`; a state is asked for after a pause.
    """

    url: str | None = None
    is_file: bool = False


@dataclass(frozen=True, slots=True)
class JobReport:
    """How far a job is. `url` leads to what it made; `error` is what the provider says went wrong."""

    status: JobStatus
    progress: int = 0
    url: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class ErrorReport:
    """What an error body says. `codes` are its codes and types, the most telling first."""

    message: str = ""
    codes: tuple[str, ...] = ()
    status: int | None = None
    retry_after_s: float | None = None


class Dialect(Protocol):
    """The decoders raise MalformedReplyError and InStreamError; `encode` raises RequestError.

    A reply that is a file and no JSON is decoded as an object of `mime_type` and `base64_data`.
    """

    def encode(self, call: Call) -> UpstreamRequest: ...

    def decode(self, body: JsonObject) -> Iterable[ReplyEvent]: ...

    def decode_stream(self, events: AsyncIterator[ServerSentEvent]) -> AsyncGenerator[ReplyEvent]: ...

    def decode_error(self, body: Any) -> ErrorReport: ...


class JobDialect(Protocol):
    """Of providers that take an order and deliver later: where to ask, and what is said there. The order itself is a
    dialect's `encode`, whose reply is a JobStarted.
    """

    def path_of_job(self, job_id: str) -> str: ...

    def decode_job(self, body: JsonObject) -> JobReport: ...
