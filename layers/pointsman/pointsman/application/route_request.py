"""The main use case: read, decide, call, deliver. Every refusal and every failure is recorded before it is raised."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from pointsman.application.deliver import Delivery
from pointsman.application.incoming import Answer, Incoming
from pointsman.application.keep_account import Accountant
from pointsman.application.open_reply import OpenedReply, Opening, ReplyOpener
from pointsman.application.ports import BudgetBook, LiveBook, MetaModel, ModelRegistry, SessionBook
from pointsman.application.read_features import read_features
from pointsman.application.stopwatch import lap
from pointsman.domain.candidate import Prediction, Situation
from pointsman.domain.decision import Decision, decide
from pointsman.domain.errors import (
    BudgetExhaustedError,
    CandidatesExhaustedError,
    NoCandidateError,
    RequestError,
    UnknownModelError,
)
from pointsman.domain.ledger import AuditRecord, Rejection, Subject
from pointsman.domain.media_request import as_request_of_kind
from pointsman.domain.media_task import KindChoice
from pointsman.domain.realised import realise
from pointsman.domain.registry import Registry
from pointsman.domain.scope import within_scope
from pointsman.domain.session import Session, is_continued
from pointsman.domain.structured_output import FindFault

# At the end of a budget many may want the same last cents; each try sees what the others left.
RESERVATIONS_TRIED: Final = 5


@dataclass(frozen=True, slots=True)
class RouteRequest:
    """`now` gives the day that prices are taken from, `clock` seconds that never run backwards."""

    registry: ModelRegistry
    meta_model: MetaModel
    live: LiveBook
    opener: ReplyOpener
    accountant: Accountant
    sessions: SessionBook
    budgets: BudgetBook
    now: Callable[[], datetime]
    clock: Callable[[], float]
    find_fault: FindFault

    async def answer(self, incoming: Incoming) -> Answer:
        """Open an answer. Raises RequestError for what cannot be served, CandidatesExhaustedError where all failed."""
        decision = await self._decide_and_reserve(incoming)
        opened = await self._open(incoming, decision)
        delivery = Delivery(incoming, decision, opened, self.accountant, self.clock, self.find_fault)
        return Answer(incoming.subject, decision, opened, delivery.events())

    async def decide_only(self, incoming: Incoming) -> AuditRecord:
        """A decision that is recorded as such and calls nobody. Raises RequestError."""
        decision = await self._decide(incoming)
        record = AuditRecord(incoming.subject, "decided", decision, total_ms=self._since(incoming.arrived_at))
        await self._keep(record)
        return record

    async def _decide_and_reserve(self, incoming: Incoming) -> Decision:
        """Where others reserve what was left meanwhile, decide anew on what they leave."""
        for _ in range(RESERVATIONS_TRIED):
            decision = await self._decide(incoming)
            if await self._reserve(incoming, decision):
                return decision
        error = BudgetExhaustedError("Other requests under way have reserved what is left of this key's budget.")
        await self._keep_rejection(incoming.subject, error, incoming.arrived_at)
        raise error

    async def _reserve(self, incoming: Incoming, decision: Decision) -> bool:
        dearest = max(prediction.cost_usd_p95 for prediction in _to_try(incoming, decision))
        try:
            return await self.budgets.reserve(incoming.subject.id, incoming.caller, dearest)
        except asyncio.CancelledError:
            self._keep_departure(incoming, decision)
            raise

    async def _decide(self, incoming: Incoming) -> Decision:
        try:
            return await self._decide_kind(incoming)
        except RequestError as error:
            await self._keep_rejection(incoming.subject, error, incoming.arrived_at)
            raise
        except asyncio.CancelledError:
            self._keep_departure(incoming)
            raise

    async def _decide_kind(self, incoming: Incoming) -> Decision:
        registry = await self.registry.current()
        incoming = _with_full_ids(incoming, registry)
        situation = await self._situation(incoming, registry, fixed_kind=_named_kind(incoming, registry))
        try:
            with lap("decide"):
                return decide(situation)
        except NoCandidateError as error:
            # What was only read out of a chat's words must not keep the chat from an answer.
            if not situation.features.is_kind_guessed:
                raise
            reason = f"{situation.features.kind_reason}, but no model may serve that: {error.message}"
            return decide(await self._situation(incoming, registry, fixed_kind=KindChoice("chat", reason)))

    async def _situation(self, incoming: Incoming, registry: Registry, *, fixed_kind: KindChoice | None) -> Situation:
        # Reading a prompt takes milliseconds of CPU: meanwhile other requests' streams go on, and tables are asked.
        with lap("features"):
            features, session, budget, live = await asyncio.gather(
                asyncio.to_thread(read_features, incoming.request, self.meta_model, fixed_kind=fixed_kind),
                self._session(incoming),
                self.budgets.budget(incoming.subject.id, incoming.caller),
                self.live.figures(),
            )
        return Situation(
            features=features,
            preferences=within_scope(incoming.preferences, incoming.caller),
            caller=incoming.caller,
            registry=registry,
            live=live,
            today=self.now().date(),
            accounts=self.opener.providers.accounts(),
            session=session,
            lot=incoming.subject.session_key or incoming.subject.id,
            budget=budget,
        )

    async def _session(self, incoming: Incoming) -> Session | None:
        key = incoming.subject.session_key
        return await self.sessions.find(key) if key and is_continued(incoming.request.messages) else None

    async def _open(self, incoming: Incoming, decision: Decision) -> OpenedReply:
        opening = Opening()
        try:
            request = as_request_of_kind(incoming.request, decision.situation.features.kind)
            return await self.opener.open(_to_try(incoming, decision), request, opening, deadline=incoming.deadline)
        except RequestError as error:
            await self._keep_rejection(incoming.subject, error, incoming.arrived_at, decision)
            raise
        except CandidatesExhaustedError as error:
            await self._keep_failure(incoming, error, decision)
            raise
        except asyncio.CancelledError:
            self._keep_departure(incoming, decision, opening)
            raise

    async def refuse(self, subject: Subject, error: RequestError, *, arrived_at: float) -> None:
        """Record a request that was refused, be it before it could be read."""
        await self._keep_rejection(subject, error, arrived_at)

    async def _keep_rejection(
        self, subject: Subject, error: RequestError, arrived_at: float, decision: Decision | None = None
    ) -> None:
        funnel = error.funnel if isinstance(error, NoCandidateError) else ()
        why, elapsed = Rejection(type(error).__name__, error.message, error.field, funnel), self._since(arrived_at)
        await self._keep(AuditRecord(subject, "rejected", decision, rejection=why, total_ms=elapsed))

    async def _keep_failure(self, incoming: Incoming, error: CandidatesExhaustedError, decision: Decision) -> None:
        why, elapsed = Rejection(error.last.kind, error.last.message), self._since(incoming.arrived_at)
        await self._keep(
            AuditRecord(incoming.subject, "failed", decision, error.attempts, rejection=why, total_ms=elapsed)
        )

    async def _keep(self, record: AuditRecord) -> None:
        # Shielded: the record is kept even where the caller goes away during the write.
        await asyncio.shield(self.accountant.keep_aside(record))

    def _keep_departure(
        self, incoming: Incoming, decision: Decision | None = None, opening: Opening | None = None
    ) -> None:
        """Of a caller who left before the answer began. A provider that has the prompt by then bills it."""
        served = None
        if decision and opening and opening.awaited:
            served = realise(opening.head, opening.awaited, decision)
        attempts, elapsed = tuple(opening.attempts) if opening else (), self._since(incoming.arrived_at)
        self.accountant.keep_aside(
            AuditRecord(incoming.subject, "cancelled", decision, attempts, served, total_ms=elapsed)
        )

    def _since(self, moment: float) -> int:
        return round((self.clock() - moment) * 1000)


def _to_try(incoming: Incoming, decision: Decision) -> tuple[Prediction, ...]:
    attempts = decision.situation.registry.policy.max_attempts if incoming.preferences.allow_fallbacks else 1
    return decision.order[:attempts]


def _named_kind(incoming: Incoming, registry: Registry) -> KindChoice | None:
    """A chat with a model of another kind, asked for by name, is answered as that model answers."""
    if incoming.preferences.is_auto or incoming.request.kind != "chat":
        return None
    named = registry.card(incoming.preferences.models[0])
    return KindChoice(named.kind, "the kind of the model asked for") if named else None


def _with_full_ids(incoming: Incoming, registry: Registry) -> Incoming:
    wanted = incoming.preferences
    if not wanted.models:
        return incoming
    models = tuple(dict.fromkeys(full_id(name, registry) for name in wanted.models))
    return replace(incoming, preferences=replace(wanted, models=models))


def full_id(name: str, registry: Registry) -> str:
    """Of the model that is called so, with or without its author. Raises UnknownModelError unless it is one."""
    named = [card.id for card in registry.cards_named(name)]
    if not named:
        raise UnknownModelError(f"The model '{name}' is not in the registry.", field="model")
    if len(named) > 1:
        raise UnknownModelError(f"Several models are called '{name}': {', '.join(sorted(named))}.", field="model")
    return named[0]
