"""Passes a begun answer on, event by event, and keeps its account before the caller has the last of it."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from pointsman.application.incoming import AnswerEvent, Incoming, Settled
from pointsman.application.keep_account import Accountant
from pointsman.application.open_reply import OpenedReply
from pointsman.application.stopwatch import lap
from pointsman.domain.decision import Decision
from pointsman.domain.errors import ProviderError, ProviderFailure
from pointsman.domain.ledger import Attempt, AuditRecord, Outcome, Rejection, Served
from pointsman.domain.pace import pace_of_stream, pace_of_whole
from pointsman.domain.realised import realise
from pointsman.domain.reasoning_origin import count_foreign_thoughts
from pointsman.domain.reply import ReasoningDelta, ReplyEvent, assemble
from pointsman.domain.structured_output import FindFault, StructuredOutcome, judge_structure


@dataclass(slots=True)
class Delivery:
    """One answer on its way; iterate `events()` once."""

    incoming: Incoming
    decision: Decision
    opened: OpenedReply
    accountant: Accountant
    clock: Callable[[], float]
    find_fault: FindFault
    _passed: list[ReplyEvent] = field(default_factory=list[ReplyEvent])
    _first_at: float | None = None
    _last_at: float = 0.0

    async def events(self) -> AsyncGenerator[AnswerEvent, None]:
        """The answer's events and then `Settled`; a caller who leaves half-way is accounted for all the same."""
        settled, failure = False, None
        try:
            async with aclosing(self.opened.rest) as rest:
                for event in self.opened.head:
                    yield self._note(event)
                try:
                    async for event in rest:
                        yield self._note(event)
                except ProviderError as error:
                    failure = error.failure
            settled, record = True, self._record("interrupted" if failure else "answered", failure)
            # Shielded: the record is kept even where the caller goes away during the write.
            with lap("account"):
                await asyncio.shield(self.accountant.keep_aside(record))
            yield Settled(record, failure)
        finally:
            if not settled:
                self.accountant.keep_aside(self._record("cancelled", None))

    def _note(self, event: ReplyEvent) -> ReplyEvent:
        self._last_at = self.clock()
        self._first_at = self._first_at or self._last_at
        self._passed.append(event)
        return event

    def _record(self, outcome: Outcome, failure: ProviderFailure | None) -> AuditRecord:
        arrived = self.incoming.arrived_at
        served = realise(self._passed, self.opened.prediction, self.decision)
        return AuditRecord(
            subject=self.incoming.subject,
            outcome=outcome,
            decision=self.decision,
            attempts=self._paced(served) if outcome == "answered" else self.opened.attempts,
            served=served,
            rejection=Rejection(failure.kind, failure.message) if failure else None,
            structure=self._judge_structure() if outcome == "answered" else None,
            foreign_thoughts=count_foreign_thoughts(self.incoming.request, self.opened.prediction.candidate.origin),
            first_token_ms=round(((self._first_at or self.clock()) - arrived) * 1000),
            total_ms=round((self.clock() - arrived) * 1000),
        )

    def _paced(self, served: Served) -> tuple[Attempt, ...]:
        """The attempts, the last with the pace at which a chat was answered."""
        *before, last = self.opened.attempts
        if served.candidate.card.kind != "chat":
            return self.opened.attempts
        first_ms, usage = last.duration_ms - last.connection_ms, served.usage
        if self.incoming.request.stream:
            has_shown_thoughts = any(isinstance(event, ReasoningDelta) for event in self._passed)
            tokens = usage.completion_tokens if has_shown_thoughts else usage.tokens.get("output", 0)
            rest_ms = round((self._last_at - (self._first_at or self._last_at)) * 1000)
            pace = pace_of_stream(first_ms, rest_ms, tokens=tokens)
        else:
            pace = pace_of_whole(first_ms, tokens=usage.completion_tokens, speed=served.candidate.card.speed)
        return (*before, replace(last, pace=pace))

    def _judge_structure(self) -> StructuredOutcome | None:
        request, card = self.incoming.request, self.opened.prediction.candidate.card
        if request.response_format is None:
            return None
        return judge_structure(request, assemble(self._passed), card, find_fault=self.find_fault)
