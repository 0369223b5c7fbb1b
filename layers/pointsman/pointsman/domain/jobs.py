"""Work that a provider does while nobody waits on the line, such as a film. Knows not how it is asked for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pointsman.domain.model_card import Endpoint

JobStatus = Literal["queued", "in_progress", "completed", "failed"]


@dataclass(frozen=True, slots=True)
class Job:
    """All that is needed to ask for it again, by whoever holds it: no store remembers it.

    `record_id` is the audit record under which it was ordered, `seconds` and `size` are what was ordered.
    """

    key_id: str
    record_id: str
    model: str
    endpoint: Endpoint
    upstream_id: str
    created_at: datetime
    seconds: int
    size: str


@dataclass(frozen=True, slots=True)
class JobState:
    """`progress` is a percentage; `error` says in words for the caller why it failed."""

    status: JobStatus
    progress: int
    error: str | None = None
