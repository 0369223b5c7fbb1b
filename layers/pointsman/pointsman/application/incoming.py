"""What comes into the use cases and what goes out of them."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

from pointsman.application.open_reply import OpenedReply
from pointsman.domain.decision import Decision
from pointsman.domain.errors import ProviderFailure
from pointsman.domain.ledger import AuditRecord, Subject
from pointsman.domain.preferences import Caller, Preferences
from pointsman.domain.reply import ReplyEvent
from pointsman.domain.request import ChatRequest


@dataclass(frozen=True, slots=True)
class Incoming:
    """One request as it came in; `arrived_at` is in the seconds of the use case's clock.

    `deadline`, in the same seconds, is when its answer must have ended; None where nothing presses.
    """

    request: ChatRequest
    preferences: Preferences
    caller: Caller
    subject: Subject
    arrived_at: float
    deadline: float | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """The last event of every answer: its record, already kept. `failure` is what broke the answer off."""

    record: AuditRecord
    failure: ProviderFailure | None = None


AnswerEvent = ReplyEvent | Settled


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that has begun; `events` end with `Settled`."""

    subject: Subject
    decision: Decision
    opened: OpenedReply
    events: AsyncGenerator[AnswerEvent, None]
