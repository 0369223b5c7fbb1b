"""What stands outside a router, in memory, and builders of what goes into a decision."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from pointsman.adapters.dynamodb.keys import SingleApiKey
from pointsman.adapters.dynamodb.rate_limiter import NoRateLimiter
from pointsman.adapters.in_memory_live_book import InMemoryLiveBook
from pointsman.bootstrap.router import Outside, Router, compose
from pointsman.domain.budget import Budget
from pointsman.domain.candidate import Situation
from pointsman.domain.documents.ledger import audit_document
from pointsman.domain.errors import (
    AlreadyGradedError,
    NotFoundError,
    ProviderError,
    ProviderErrorKind,
    ProviderFailure,
    RequestError,
)
from pointsman.domain.features import Reading, RequestFeatures
from pointsman.domain.feedback import Feedback
from pointsman.domain.jobs import Job, JobState
from pointsman.domain.ledger import AuditRecord
from pointsman.domain.model_card import Ability, Endpoint, ModelCard, Price, Speed
from pointsman.domain.preferences import Caller, Preferences
from pointsman.domain.registry import Policy, Registry
from pointsman.domain.reply import Finished, ReplyEvent, ReplyStarted, TextDelta, TokenClass, Usage, UsageReported
from pointsman.domain.request import ChatRequest
from pointsman.domain.session import Session
from pointsman.domain.spend import Entry, Numbered, Page, count_entries

TODAY = date(2026, 11, 22)
SHA = "sha-of-the-fake"
READING = Reading(
    task_milli=(800, 200),
    discrimination_milli=(1000,),
    difficulty_milli=0,
    log_length_milli=(3000, 5000, 6000),
    ood_milli=100,
)
LABELS = ("chat_qa", "code_generation")
HELLO: tuple[ReplyEvent, ...] = (
    ReplyStarted("up-1", "upstream"),
    TextDelta("Hel"),
    TextDelta("lo"),
    Finished("stop", "end"),
    UsageReported(Usage({"input": 10, "output": 2})),
)


def make_card(name: str, *, ability: int = 1000, sd: int = 100, usd: str = "1", **changes: Any) -> ModelCard:
    """A chat model `acme/<name>`; `usd` is its price per million tokens of input, ten times that of output."""
    provider = changes.pop("provider", "acme")
    prices: dict[TokenClass, Decimal] = {"input": Decimal(usd), "output": Decimal(usd) * 10}
    fields: dict[str, Any] = {
        "id": f"{provider}/{name}",
        "name": name,
        "kind": "chat",
        "model_class": "main",
        "endpoints": (Endpoint(provider, name),),
        "released": date(2026, 1, 1),
        "context_tokens": 100_000,
        "max_output_tokens": 10_000,
        "tokenizer": "any",
        "input_modalities": frozenset({"text"}),
        "output_modalities": frozenset({"text"}),
        "features": frozenset({"tools"}),
        "parameters": frozenset({"temperature"}),
        "prices": (Price(date(2026, 1, 1), prices, {}, "test"),),
        "speed": Speed(500, 100, "test"),
        "ability": Ability((ability,), (sd,), SHA, "evidence"),
    }
    return ModelCard(**(fields | changes))


def make_features(**changes: Any) -> RequestFeatures:
    fields: dict[str, Any] = {
        "reading": READING,
        "task_labels": LABELS,
        "meta_model_sha256": SHA,
        "prompt_tokens": 100,
        "media_tokens": 0,
        "input_modalities": frozenset({"text"}),
        "output_modalities": frozenset({"text"}),
        "required_features": frozenset(),
        "required_parameters": frozenset(),
        "requested_parameters": frozenset(),
    }
    return RequestFeatures(**(fields | changes))


def make_registry(cards: Sequence[ModelCard], **policy: Any) -> Registry:
    fields: dict[str, Any] = {"safe_default": cards[0].id, "reference_model": cards[0].id}
    return Registry(1, tuple(cards), Policy(**(fields | policy)))


def make_situation(cards: Sequence[ModelCard], preferences: Preferences | None = None, **changes: Any) -> Situation:
    """`policy` among the changes is a mapping of Policy's fields."""
    policy = changes.pop("policy", {})
    fields: dict[str, Any] = {
        "features": make_features(),
        "preferences": preferences or Preferences(),
        "caller": Caller("tester"),
        "registry": make_registry(cards, **policy),
        "live": {},
        "today": TODAY,
        "accounts": frozenset(endpoint.provider for card in cards for endpoint in card.endpoints),
    }
    return Situation(**(fields | changes))


def failure(kind: ProviderErrorKind, provider: str = "acme", **details: Any) -> ProviderError:
    return ProviderError(ProviderFailure(provider, kind, f"it is {kind}", **details))


@dataclass(frozen=True, slots=True)
class FixedMetaModel:
    sha256: str = SHA
    labels: tuple[str, ...] = LABELS
    is_degraded: bool = False
    media_thresholds_milli: Mapping[str, int] = field(default_factory=dict[str, int])

    def read(self, text: str) -> Reading:
        return READING


@dataclass(frozen=True, slots=True)
class NoJobs:
    """Nobody is at work."""

    async def state(self, job: Job, *, left_s: float) -> JobState:
        raise failure("unavailable", job.endpoint.provider)

    async def content(self, job: Job, *, left_s: float) -> AsyncGenerator[bytes, None]:
        raise failure("unavailable", job.endpoint.provider)
        yield b""


@dataclass(frozen=True, slots=True)
class FixedModelRegistry:
    registry: Registry

    async def current(self) -> Registry:
        return self.registry


@dataclass(slots=True)
class InMemoryRegistryStore:
    registry: Registry | None = None

    def read(self) -> Registry | None:
        return self.registry

    def write(self, registry: Registry) -> int:
        version = self.registry.version + 1 if self.registry else 1
        self.registry = replace(registry, version=version)
        return version


@dataclass(slots=True)
class InMemoryAuditLog:
    records: list[AuditRecord] = field(default_factory=list[AuditRecord])
    grades: dict[str, Feedback] = field(default_factory=dict[str, Feedback])

    async def write(self, record: AuditRecord) -> None:
        if all(kept.subject.id != record.subject.id for kept in self.records):
            self.records.append(record)

    async def find(self, record_id: str) -> Mapping[str, Any]:
        for record in self.records:
            if record.subject.id == record_id:
                return {name: value for name, value in audit_document(record).items() if value is not None}
        raise NotFoundError(f"There is no generation '{record_id}'.")

    async def grade(self, record_id: str, feedback: Feedback) -> None:
        if record_id in self.grades:
            raise AlreadyGradedError(f"'{record_id}' has its grade.", field="generation_id")
        self.grades[record_id] = feedback


@dataclass(slots=True)
class InMemorySpendBook:
    pages: dict[tuple[str, date], Page] = field(default_factory=dict[tuple[str, date], Page])

    def count(self, key_id: str, day: date, sequence: str, entries: Sequence[Numbered]) -> None:
        self.pages[key_id, day] = count_entries(self.pages.get((key_id, day), Page()), sequence, entries)

    def entries(self, since: date, until: date, *, key_id: str | None = None) -> Sequence[Entry]:
        return [
            Entry(owner, day, model, task, spent)
            for (owner, day), page in self.pages.items()
            if since <= day <= until and key_id in {None, owner}
            for (model, task), spent in page.lines.items()
        ]


@dataclass(slots=True)
class InMemoryBudgetBook:
    """One counter for each key, of which `elapsed_milli` of the period is over; `rivals_usd` are reserved by others
    between a decision and its reservation."""

    spent: dict[str, Decimal] = field(default_factory=dict[str, Decimal])
    reserved: dict[str, tuple[str, Decimal]] = field(default_factory=dict[str, tuple[str, Decimal]])
    elapsed_milli: int = 0
    rivals_usd: list[Decimal] = field(default_factory=list[Decimal])

    async def budget(self, request_id: str, caller: Caller) -> Budget | None:
        if caller.budget_usd is None:
            return None
        return Budget(caller.budget_usd, await self.spent_usd(caller), self.elapsed_milli)

    async def spent_usd(self, caller: Caller) -> Decimal:
        return self.spent.get(caller.key_id, Decimal(0))

    async def reserve(self, request_id: str, caller: Caller, usd: Decimal) -> bool:
        if caller.budget_usd is None or usd == 0:
            return True
        spent = await self.spent_usd(caller) + (self.rivals_usd.pop(0) if self.rivals_usd else Decimal(0))
        is_left = spent + usd <= caller.budget_usd
        self.spent[caller.key_id] = spent + usd if is_left else spent
        if is_left:
            self.reserved[request_id] = caller.key_id, usd
        return is_left

    async def settle(self, request_id: str, usd: Decimal) -> None:
        if request_id in self.reserved:
            key_id, reserved = self.reserved.pop(request_id)
            self.spent[key_id] += usd - reserved


@dataclass(slots=True)
class InMemorySessions:
    kept: dict[str, tuple[str, int]] = field(default_factory=dict[str, tuple[str, int]])
    rested_s: int = 5

    async def find(self, key: str) -> Session | None:
        return Session(*self.kept[key], self.rested_s) if key in self.kept else None

    async def keep(self, key: str, served_by: str, prompt_tokens: int) -> None:
        self.kept[key] = served_by, prompt_tokens


@dataclass(slots=True)
class RecordingMeter:
    records: list[AuditRecord] = field(default_factory=list[AuditRecord])

    def record(self, record: AuditRecord) -> None:
        self.records.append(record)


@dataclass(frozen=True, slots=True)
class Pause:
    """A provider that is silent for so long."""

    seconds: float


Script = Sequence[ReplyEvent | ProviderError | RequestError | Pause]


@dataclass(slots=True)
class ScriptedProviders:
    """Plays each model's script: events, and errors which it raises. A model without a script says hello."""

    names: frozenset[str]
    scripts: Mapping[str, Script]
    called: list[str] = field(default_factory=list[str])
    requests: list[ChatRequest] = field(default_factory=list[ChatRequest])
    timeouts_s: list[float] = field(default_factory=list[float])
    closed: list[str] = field(default_factory=list[str])

    def accounts(self) -> frozenset[str]:
        return self.names

    async def reply(
        self, request: ChatRequest, card: ModelCard, endpoint: Endpoint, *, timeout_s: float
    ) -> AsyncGenerator[ReplyEvent, None]:
        self.called.append(card.id)
        self.requests.append(request)
        self.timeouts_s.append(timeout_s)
        try:
            for event in self.scripts.get(card.id, HELLO):
                if isinstance(event, ProviderError | RequestError):
                    raise event
                if isinstance(event, Pause):
                    await asyncio.sleep(event.seconds)
                else:
                    yield event
        finally:
            self.closed.append(card.id)


@dataclass(frozen=True, slots=True)
class Stage:
    """A router on fakes, and the fakes. `waits` are the seconds that it would have slept between attempts."""

    router: Router
    audit: InMemoryAuditLog
    meter: RecordingMeter
    providers: ScriptedProviders
    sessions: InMemorySessions
    waits: list[float]
    budgets: InMemoryBudgetBook
    spend: InMemorySpendBook


def make_stage(cards: Sequence[ModelCard], scripts: Mapping[str, Script] | None = None, **policy: Any) -> Stage:
    audit, meter, sessions = InMemoryAuditLog(), RecordingMeter(), InMemorySessions()
    budgets, spend = InMemoryBudgetBook(), InMemorySpendBook()
    names = frozenset(endpoint.provider for card in cards for endpoint in card.endpoints)
    providers = ScriptedProviders(names, scripts or {})
    outside = Outside(
        registry=FixedModelRegistry(make_registry(cards, **policy)),
        audit=audit,
        keys=SingleApiKey("dev"),
        sessions=sessions,
        budgets=budgets,
        spend=spend,
        limiter=NoRateLimiter(),
        meter=meter,
        meta_model=FixedMetaModel(),
        live=InMemoryLiveBook(),
        providers=providers,
        jobs=NoJobs(),
    )
    waits = list[float]()

    async def note_wait(seconds: float) -> None:
        waits.append(seconds)

    router = compose(outside, timeout_s=5, pepper=lambda: b"pepper", sleep=note_wait)
    return Stage(router, audit, meter, providers, sessions, waits, budgets, spend)
