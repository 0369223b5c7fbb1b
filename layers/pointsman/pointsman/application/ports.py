"""What the use cases need from outside, as small Protocols. Adapters implement them; nothing here knows how."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from pointsman.domain.budget import Budget
from pointsman.domain.features import Reading
from pointsman.domain.feedback import Feedback
from pointsman.domain.jobs import Job, JobState
from pointsman.domain.latency import LiveFigures
from pointsman.domain.ledger import Attempt, AuditRecord
from pointsman.domain.model_card import Endpoint, ModelCard
from pointsman.domain.preferences import Caller
from pointsman.domain.price_refresh import PriceList, Proposal
from pointsman.domain.registry import Change, Registry, Version
from pointsman.domain.reply import ReplyEvent
from pointsman.domain.request import ChatRequest
from pointsman.domain.session import Session
from pointsman.domain.sketch import Sketch
from pointsman.domain.spend import Entry, Numbered


@dataclass(frozen=True, slots=True)
class HandEdit:
    """A row as somebody left it: `item` is a model's id or `policy`; `document` is None where the row is gone."""

    item: str
    document: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class HandEdits:
    """What differs in the rows from version `base`."""

    base: int
    edits: tuple[HandEdit, ...]


class MetaModel(Protocol):
    """Reads a prompt. `labels` are the task labels in the order of `Reading.task_milli`.

    `media_thresholds_milli` holds, by the name of a media task, the probability from which its word was measured to be
    right. `is_degraded` says that this one only stands in for a model that could not be loaded.
    """

    @property
    def sha256(self) -> str: ...

    @property
    def labels(self) -> tuple[str, ...]: ...

    @property
    def is_degraded(self) -> bool: ...

    @property
    def media_thresholds_milli(self) -> Mapping[str, int]: ...

    def read(self, text: str) -> Reading: ...


class ModelRegistry(Protocol):
    """The newest registry known, from memory where the store is out of reach. RegistryError where there is none."""

    async def current(self) -> Registry: ...


class RegistryStore(Protocol):
    """The newest registry, None where there is none, and the way to write the next one, made from the one just read.

    RegistryConflictError where somebody else wrote meanwhile.
    """

    def read(self) -> Registry | None: ...

    def write(self, registry: Registry) -> int: ...


class RegistryVersions(Protocol):
    """Where every version of the registry is kept, for ever. None stands for no registry yet, or no such version."""

    def read(self, number: int | None = None) -> Registry | None:
        """One version whole; the newest where no number is given."""
        ...

    def commit(self, registry: Registry, change: Change, *, adopting: Sequence[HandEdit] = ()) -> int:
        """Make this the next version and return its number. `adopting` names the edits of rows that it follows.

        RegistryConflictError where the newest version is no longer the one that `registry` was made from, or where
        a row that it changes was edited directly and is not among `adopting`.
        """
        ...

    def history(self, most: int) -> Sequence[Version]:
        """The newest versions, the newest first."""
        ...


class RegistryRows(Protocol):
    """The rows that people edit directly, beside the versions that functions read."""

    def hand_edits(self) -> HandEdits:
        """What differs from the newest version because somebody edited a row, and was not rejected before."""
        ...

    def reject(self, edit: HandEdit, reason: str) -> None:
        """Mark the row with the reason, or put it back where it was deleted."""
        ...


class PriceSource(Protocol):
    """A price list of others. PriceListError where it cannot be read."""

    def read(self, on: date) -> PriceList:
        """What holds at noon of that day."""
        ...


class HeldPrices(Protocol):
    """Prices that wait for an operator's word, one proposal a model."""

    def all(self) -> Sequence[Proposal]: ...

    def hold(self, proposal: Proposal) -> None: ...

    def release(self, model: str) -> None: ...


class LiveBook(Protocol):
    """Health and speed as lately seen, keyed as `Candidate.key`. Never raises: without it the cards' priors hold."""

    async def figures(self) -> Mapping[str, LiveFigures]: ...

    def note(self, key: str, attempt: Attempt) -> None: ...


class LiveSketches(Protocol):
    """Where the sketch of each endpoint is kept, keyed as `Candidate.key`."""

    def read(self, key: str) -> tuple[Sketch, int]:
        """The sketch and its revision; an empty one of revision 0 where there is none yet."""
        ...

    def replace(self, key: str, sketch: Sketch, figures: LiveFigures, *, revision: int, at: float) -> bool:
        """Put the next revision, and what it says as of `at`. False where somebody else was faster."""
        ...


class Providers(Protocol):
    """Calls models; `accounts` names the providers that can be called.

    The first event of a reply comes only once the provider has begun to answer; closing the generator closes the
    call. Raises ProviderError, before the first event or in the middle.
    """

    def accounts(self) -> frozenset[str]: ...

    def reply(
        self, request: ChatRequest, card: ModelCard, endpoint: Endpoint, *, timeout_s: float
    ) -> AsyncGenerator[ReplyEvent, None]: ...


class Jobs(Protocol):
    """Asks after work that a provider took on, within `left_s` at most. Raises ProviderError.

    `content` gives what was made, in pieces; RequestError where there is nothing yet, or never will be.
    """

    async def state(self, job: Job, *, left_s: float) -> JobState: ...

    def content(self, job: Job, *, left_s: float) -> AsyncGenerator[bytes, None]: ...


class AuditLog(Protocol):
    """Keeps records. Returns once the record cannot be lost; NotFoundError for an unknown id."""

    async def write(self, record: AuditRecord) -> None: ...

    async def find(self, record_id: str) -> Mapping[str, Any]: ...

    async def grade(self, record_id: str, feedback: Feedback) -> None:
        """Add a caller's grade. AlreadyGradedError where the record has one."""
        ...


class SessionBook(Protocol):
    """Which model served a session last. Never raises: without it a session only costs more."""

    async def find(self, key: str) -> Session | None: ...

    async def keep(self, key: str, served_by: str, prompt_tokens: int) -> None: ...


class AuditTrail(Protocol):
    """Many stored records at once, as `audit_document` writes them."""

    def newest(self, most: int) -> Sequence[Mapping[str, Any]]:
        """Records of decisions, the newest first; of a very large log the newest of a random sample."""
        ...

    def graded(self) -> Sequence[Mapping[str, Any]]:
        """All records that callers graded; reads the whole log."""
        ...


class SpendBook(Protocol):
    """What was spent, by key and day."""

    def count(self, key_id: str, day: date, sequence: str, entries: Sequence[Numbered]) -> None:
        """Add what was not counted yet, all of it or nothing. SpendConflictError where others are in the way."""
        ...

    def entries(self, since: date, until: date, *, key_id: str | None = None) -> Sequence[Entry]:
        """Sums of the days from `since` to `until`, both included; without a key those of all keys.

        A key's day may come in several parts."""
        ...


class BudgetBook(Protocol):
    """What keys have spent of their budgets. Never raises: out of reach, it counts by itself and says so."""

    async def budget(self, request_id: str, caller: Caller) -> Budget | None:
        """What the request's slice of the budget stands at; None where the key has no budget."""
        ...

    async def spent_usd(self, caller: Caller) -> Decimal:
        """What is spent or reserved of the whole budget."""
        ...

    async def reserve(self, request_id: str, caller: Caller, usd: Decimal) -> bool:
        """Set aside what the request may cost. False where so much is not left."""
        ...

    async def settle(self, request_id: str, usd: Decimal) -> None:
        """Replace the request's reservation, where it has one, by what it did cost."""
        ...


class ApiKeys(Protocol):
    """Who holds a key. AuthenticationError where nobody does, AccessUnavailableError where that cannot be found out."""

    async def caller(self, key: str) -> Caller: ...


class RateLimiter(Protocol):
    """Counts a request against its key's limit. RateLimitedError where the limit is reached."""

    async def admit(self, caller: Caller) -> None: ...


class Meter(Protocol):
    """Counts what happened, one call per request."""

    def record(self, record: AuditRecord) -> None: ...
