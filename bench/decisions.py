"""Many different decisions, made through the use case on the packed registry: no network, no table, no model file."""

import asyncio
import random
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from pointsman.adapters.seed_registry import read_seed_registry
from pointsman.application.incoming import Incoming
from pointsman.application.keep_account import Accountant
from pointsman.application.open_reply import ReplyOpener
from pointsman.application.ports import AuditLog, BudgetBook, ModelRegistry, Providers
from pointsman.application.route_request import RouteRequest
from pointsman.application.take_turns import Turns
from pointsman.domain.budget import Budget
from pointsman.domain.documents.ledger import audit_document
from pointsman.domain.errors import NotFoundError, RequestError
from pointsman.domain.features import Reading
from pointsman.domain.feedback import Feedback
from pointsman.domain.latency import LiveFigures
from pointsman.domain.ledger import Attempt, AuditRecord, Subject
from pointsman.domain.model_card import Endpoint, ModelCard
from pointsman.domain.preferences import Caller, Preferences
from pointsman.domain.registry import Registry
from pointsman.domain.reply import ReplyEvent
from pointsman.domain.request import ChatRequest, Message, TextPart
from pointsman.domain.session import Session

NOW: Final = datetime(2026, 11, 27, 12, tzinfo=UTC)
LABELS: Final = ("chat_qa", "code_generation", "summarization", "math")
KEYS: Final = ("web", "batch", "research")
WILLINGNESS_USD: Final = (None, Decimal("0.001"), Decimal("0.01"), Decimal("0.2"))


@dataclass(frozen=True, slots=True)
class DrawnMetaModel:
    """Reads a number out of the prompt and draws everything else from it."""

    registry: Registry
    labels: tuple[str, ...] = LABELS
    is_degraded: bool = False
    media_thresholds_milli: Mapping[str, int] = field(default_factory=dict[str, int])

    @property
    def sha256(self) -> str:
        return next(card.ability.meta_model_sha256 for card in self.registry.cards if card.ability)

    def read(self, text: str) -> Reading:
        draw = random.Random(text)
        dimensions = next(len(card.ability.mean_milli) for card in self.registry.cards if card.ability)
        median = draw.randint(3000, 7000)
        first = draw.randint(0, 1000)
        return Reading(
            task_milli=(first, 1000 - first, 0, 0) if draw.random() < 0.5 else (0, 0, first, 1000 - first),
            discrimination_milli=tuple(draw.randint(1, 1500) for _ in range(dimensions)),
            difficulty_milli=draw.randint(-2500, 2500),
            log_length_milli=(median - 1000, median, median + 900),
            ood_milli=draw.choice((50, 200, 400, 990)),
        )


@dataclass(slots=True)
class DrawnLiveBook:
    """Other figures at every look, some breakers open."""

    registry: Registry
    draw: random.Random

    async def figures(self) -> Mapping[str, LiveFigures]:
        cards = self.draw.sample(self.registry.cards, 12)
        return {f"{card.id}@{card.endpoints[0].provider}": self._figures() for card in cards}

    def _figures(self) -> LiveFigures:
        draw = self.draw
        ttft, calls, tokens_per_s = draw.randint(50, 9000), draw.randint(0, 80), draw.randint(5, 300)
        return LiveFigures(
            calls=calls,
            answers=calls,
            ttft_ms_p50=ttft,
            ttft_ms_p95=ttft * 3,
            tpot_us_p50=1_000_000 // tokens_per_s,
            tpot_us_p95=1_000_000 // tokens_per_s,
            is_open=draw.random() < 0.1,
        )

    def note(self, key: str, attempt: Attempt) -> None:
        """What happened is drawn, not seen."""


@dataclass(slots=True)
class CurrentRegistry:
    registry: Registry

    async def current(self) -> Registry:
        return self.registry


@dataclass(frozen=True, slots=True)
class NobodyToCall:
    names: frozenset[str]

    def accounts(self) -> frozenset[str]:
        return self.names

    def reply(
        self, request: ChatRequest, card: ModelCard, endpoint: Endpoint, *, timeout_s: float
    ) -> AsyncGenerator[ReplyEvent, None]:
        raise AssertionError("nobody is called")


@dataclass(slots=True)
class KeptDocuments:
    """Implements AuditLog and AuditTrail."""

    documents: list[Mapping[str, Any]] = field(default_factory=list[Mapping[str, Any]])

    async def write(self, record: AuditRecord) -> None:
        self.documents.append(audit_document(record))

    async def find(self, record_id: str) -> Mapping[str, Any]:
        raise NotFoundError(record_id)

    async def grade(self, record_id: str, feedback: Feedback) -> None:
        raise NotFoundError(record_id)

    def graded(self) -> Sequence[Mapping[str, Any]]:
        return []

    def newest(self, most: int) -> Sequence[Mapping[str, Any]]:
        return [document for document in self.documents if document["situation"]][-most:]


class SilentMeter:
    def record(self, record: AuditRecord) -> None:
        """Nobody counts here."""


class NoSessions:
    async def find(self, key: str) -> Session | None:
        return None

    async def keep(self, key: str, served_by: str, prompt_tokens: int) -> None:
        """Every decision stands alone here."""


class NoBudgets:
    async def budget(self, request_id: str, caller: Caller) -> Budget | None:
        return None

    async def spent_usd(self, caller: Caller) -> Decimal:
        return Decimal(0)

    async def reserve(self, request_id: str, caller: Caller, usd: Decimal) -> bool:
        return True

    async def settle(self, request_id: str, usd: Decimal) -> None:
        """Nobody has a budget here."""


async def route_many(registry: ModelRegistry, audit: AuditLog, count: int, *, seed: int = 7) -> None:
    """Decide `count` times against any registry and audit log."""
    draw, current = random.Random(seed), await registry.current()
    await _decide(_route_request(registry, current, audit, draw), lambda _: None, count, draw)


def decide_many(count: int, registries: Sequence[Registry], *, seed: int = 7) -> KeptDocuments:
    """The records of `count` decisions, spread over the registries. A request that no model may serve is drawn anew."""
    draw, kept = random.Random(seed), KeptDocuments()
    current = CurrentRegistry(registries[0])

    def turn(made: int) -> None:
        current.registry = registries[made % len(registries)]

    asyncio.run(_decide(_route_request(current, registries[0], kept, draw), turn, count, draw))
    return kept


Arrange = Callable[[int, Incoming], Incoming]


async def answer_many(
    count: int,
    registry: Registry,
    providers: Providers,
    *,
    seed: int = 7,
    budgets: BudgetBook | None = None,
    arrange: Arrange = lambda _number, incoming: incoming,
) -> KeptDocuments:
    """The records of `count` requests, the same for the same seed; those that no model may serve are refused.

    `arrange` may change each, told its number, before it is sent.
    """
    draw, live_draw, kept = random.Random(seed), random.Random(seed), KeptDocuments()
    current = CurrentRegistry(registry)
    route_request = _route_request(current, registry, kept, live_draw, providers, budgets=budgets)
    for number in range(1, count + 1):
        with suppress(RequestError):
            answer = await route_request.answer(arrange(number, _incoming(number, draw)))
            async with aclosing(answer.events) as events:
                async for _ in events:
                    pass
    return kept


def packed_registry(version: int) -> Registry:
    return replace(read_seed_registry(), version=version)


async def _decide(route_request: RouteRequest, turn: Callable[[int], None], count: int, draw: random.Random) -> None:
    made, asked = 0, 0
    while made < count:
        turn(made)
        asked += 1
        try:
            await route_request.decide_only(_incoming(asked, draw))
        except RequestError:
            continue
        made += 1


def _route_request(
    models: ModelRegistry,
    registry: Registry,
    audit: AuditLog,
    draw: random.Random,
    providers: Providers | None = None,
    *,
    budgets: BudgetBook | None = None,
) -> RouteRequest:
    budgets = budgets or NoBudgets()
    providers = providers or NobodyToCall(frozenset(e.provider for card in registry.cards for e in card.endpoints))
    live = DrawnLiveBook(registry, draw)
    return RouteRequest(
        registry=models,
        meta_model=DrawnMetaModel(registry),
        live=live,
        opener=ReplyOpener(providers, live, Turns(asyncio.sleep, draw.random), lambda: 0.0, 5),
        accountant=Accountant(audit, SilentMeter(), NoSessions(), budgets),
        sessions=NoSessions(),
        budgets=budgets,
        now=lambda: NOW,
        clock=lambda: 0.0,
        find_fault=lambda _schema, _text: None,
    )


def _incoming(number: int, draw: random.Random) -> Incoming:
    key_id = draw.choice(KEYS)
    message = Message("user", (TextPart(f"prompt {number} " * draw.randint(1, 400)),))
    request = ChatRequest(messages=(message,), max_output_tokens=draw.choice((None, 500, 4000)))
    subject = Subject(f"gen-{number:012d}", NOW, "/v1/route", key_id, "auto", streamed=False)
    return Incoming(request, _preferences(draw), Caller(key_id), subject, 0.0)


def _preferences(draw: random.Random) -> Preferences:
    return Preferences(
        objective=draw.choice((None, "cost", "quality", "latency", "balanced")),
        min_quality_milli=draw.choice((None, None, 300)),
        willingness_to_pay_usd=draw.choice(WILLINGNESS_USD),
        max_cost_usd=draw.choice((None, None, Decimal("0.5"))),
        excluded_models=draw.choice(((), ("anthropic/*",))),
        no_training=draw.random() < 0.1,
    )


def differing_registries(count: int) -> Iterator[Registry]:
    """The packed registry, and others in which some models are off and the policy is another."""
    for version in range(1, count + 1):
        registry, draw = packed_registry(version), random.Random(version)
        off = {card.id for card in draw.sample(registry.cards, version * 3)} - {registry.policy.safe_default}
        cards = tuple(replace(card, enabled=card.id not in off) for card in registry.cards)
        policy = replace(registry.policy, willingness_to_pay_usd=Decimal(version) / 100)
        yield replace(registry, cards=cards, policy=policy)
