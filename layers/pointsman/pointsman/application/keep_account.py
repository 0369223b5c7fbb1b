"""Keeps the record of each request: audit log, metrics, session, budget; on success, failure and disconnect alike."""

import asyncio
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from typing import Any

from pointsman.application.ports import AuditLog, BudgetBook, Meter, SessionBook
from pointsman.domain.ledger import AuditRecord
from pointsman.domain.session import LEAST_CACHED_TOKENS


@dataclass(frozen=True, slots=True)
class Accountant:
    audit: AuditLog
    meter: Meter
    sessions: SessionBook
    budgets: BudgetBook
    _pending: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    async def keep(self, record: AuditRecord) -> None:
        """Returns once the record cannot be lost."""
        self.meter.record(record)
        written, beside = self.audit.write(record), [*self._keep_session(record), *self._settle_budget(record)]
        # Most have nothing beside, and for one alone no task need be made.
        await (asyncio.gather(written, *beside) if beside else written)

    def _keep_session(self, record: AuditRecord) -> Iterator[Coroutine[Any, Any, None]]:
        """Where a longer prompt was served, its model holds the beginning of the next one."""
        if record.decision is None or record.served is None or record.subject.session_key is None:
            return
        features, served_by = record.decision.situation.features, record.served.candidate.key
        told = features.prompt_tokens - features.media_tokens
        if features.kind == "chat" and told >= LEAST_CACHED_TOKENS:
            yield self.sessions.keep(record.subject.session_key, served_by, told)

    def _settle_budget(self, record: AuditRecord) -> Iterator[Coroutine[Any, Any, None]]:
        """Where the key has a budget, of which something may be reserved."""
        if record.decision is not None and record.decision.situation.budget is not None:
            yield self.budgets.settle(record.subject.id, record.cost_usd)

    def keep_aside(self, record: AuditRecord) -> asyncio.Task[None]:
        """Keep the record in a task of its own, which outlives the request that starts it."""
        task = asyncio.create_task(self.keep(record))
        self._pending.add(task)
        task.add_done_callback(self._pending.discard)
        return task

    async def drain(self) -> None:
        """Wait for all records that are being kept aside."""
        await asyncio.gather(*self._pending, return_exceptions=True)
