"""Keeps the record of each request: in the audit log and in the metrics, on success, failure and disconnect alike."""

import asyncio
from dataclasses import dataclass, field

from pointsman.application.ports import AuditLog, Meter
from pointsman.domain.ledger import AuditRecord


@dataclass(frozen=True, slots=True)
class Accountant:
    audit: AuditLog
    meter: Meter
    _pending: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    async def keep(self, record: AuditRecord) -> None:
        """Returns once the record cannot be lost."""
        self.meter.record(record)
        await self.audit.write(record)

    def keep_aside(self, record: AuditRecord) -> asyncio.Task[None]:
        """Keep the record in a task of its own, which outlives the request that starts it."""
        task = asyncio.create_task(self.keep(record))
        self._pending.add(task)
        task.add_done_callback(self._pending.discard)
        return task

    async def drain(self) -> None:
        """Wait for all records that are being kept aside."""
        await asyncio.gather(*self._pending, return_exceptions=True)
