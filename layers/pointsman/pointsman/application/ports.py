"""What the use cases need from outside, as small Protocols. Adapters implement them; nothing here knows how."""

from collections.abc import AsyncGenerator, Mapping
from typing import Any, Protocol

from pointsman.domain.features import Reading
from pointsman.domain.latency import LiveFigures
from pointsman.domain.ledger import Attempt, AuditRecord
from pointsman.domain.model_card import Endpoint, ModelCard
from pointsman.domain.preferences import Caller
from pointsman.domain.registry import Registry
from pointsman.domain.reply import ReplyEvent
from pointsman.domain.request import ChatRequest


class MetaModel(Protocol):
    """Reads a prompt. `labels` are the task labels in the order of `Reading.task_milli`.

    `is_degraded` says that this one only stands in for a model that could not be loaded.
    """

    @property
    def sha256(self) -> str: ...

    @property
    def labels(self) -> tuple[str, ...]: ...

    @property
    def is_degraded(self) -> bool: ...

    def read(self, text: str) -> Reading: ...


class ModelRegistry(Protocol):
    """The newest registry known, from memory where the store is out of reach. RegistryError where there is none."""

    async def current(self) -> Registry: ...


class RegistryStore(Protocol):
    """Where the registry is kept. `read` gives None where there is none; `write` returns the version it made.

    RegistryError where somebody else wrote meanwhile.
    """

    def read(self) -> Registry | None: ...

    def write(self, registry: Registry) -> int: ...


class LiveBook(Protocol):
    """Health and speed as lately seen, keyed as `Candidate.key`."""

    def figures(self) -> Mapping[str, LiveFigures]: ...

    def note(self, key: str, attempt: Attempt) -> None: ...


class Providers(Protocol):
    """Calls models; `accounts` names the providers that can be called.

    The first event of a reply comes only once the provider has begun to answer; closing the generator closes the
    call. Raises ProviderError, before the first event or in the middle.
    """

    def accounts(self) -> frozenset[str]: ...

    def reply(
        self, request: ChatRequest, card: ModelCard, endpoint: Endpoint, *, timeout_s: float
    ) -> AsyncGenerator[ReplyEvent, None]: ...


class AuditLog(Protocol):
    """Keeps records. Returns once the record cannot be lost; NotFoundError for an unknown id."""

    async def write(self, record: AuditRecord) -> None: ...

    async def find(self, record_id: str) -> Mapping[str, Any]: ...


class ApiKeys(Protocol):
    """Who holds a key. AuthenticationError where nobody does, AccessUnavailableError where that cannot be found out."""

    async def caller(self, key: str) -> Caller: ...


class RateLimiter(Protocol):
    """Counts a request against its key's limit. RateLimitedError where the limit is reached."""

    async def admit(self, caller: Caller) -> None: ...


class Meter(Protocol):
    """Counts what happened, one call per request."""

    def record(self, record: AuditRecord) -> None: ...
