"""Takes a caller's grade of an answer. It changes no model: recalibrating is an operator's deed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pointsman.application.ports import AuditLog
from pointsman.domain.errors import NotFoundError, RequestError
from pointsman.domain.feedback import Feedback


@dataclass(frozen=True, slots=True)
class TakeFeedback:
    audit: AuditLog
    now: Callable[[], datetime]

    async def take(self, key_id: str, generation_id: str, *, score_milli: int, category: str | None = None) -> None:
        """NotFoundError for what is not the key's own, AlreadyGradedError for a second grade, RequestError for what
        no model answered."""
        record = await self.audit.find(generation_id)
        if record["key_id"] != key_id:
            raise NotFoundError(f"There is no generation '{generation_id}'.")
        if record.get("model") is None:
            raise RequestError("No model answered this request: there is nothing to grade.", field="generation_id")
        await self.audit.grade(generation_id, Feedback(score_milli, self.now(), category))
