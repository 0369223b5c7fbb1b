"""How one family of endpoints speaks: a body in, an answer out, whole or streamed, and errors in its own form.

A new family is a folder beside this file with such a row, and a route that gives the row to the shared answering.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from pointsman.application.incoming import AnswerEvent
from pointsman.domain.json_types import JsonObject
from pointsman.domain.ledger import AuditRecord, Subject
from pointsman.domain.preferences import Preferences
from pointsman.domain.reply import Reply
from pointsman.domain.request import ChatRequest
from pointsman.entrypoints.problems import Problem
from pointsman.entrypoints.wire.telling import Telling
from pointsman.entrypoints.wire.wishes import WishesBody

BodyT = TypeVar("BodyT", bound=WishesBody)


class StreamEncoder(Protocol):
    """Writes one answer, event by event, as server-sent events; the last event is `Settled`."""

    def encode(self, event: AnswerEvent) -> Iterable[bytes]: ...


@dataclass(frozen=True, slots=True)
class RawBody:
    """An answer that is no JSON."""

    content: bytes
    media_type: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class WireFamily(Generic[BodyT]):
    """The words of one family.

    `parse` takes the request's headers too; it and the two `decode_` functions raise RequestError. `encode_problem`
    takes the request's id. `encode_late_problem` tells, inside a stream that has begun by keep-alives alone, of an
    answer that never came. `keep_alive` is sent where a stream would fall silent.
    """

    parse: Callable[[bytes, Mapping[str, str]], BodyT]
    decode_request: Callable[[BodyT], ChatRequest]
    decode_preferences: Callable[[BodyT], Preferences]
    encode_reply: Callable[[BodyT, Telling, Reply, AuditRecord], JsonObject | RawBody]
    open_stream: Callable[[BodyT, Telling], StreamEncoder]
    encode_problem: Callable[[Problem, str], JsonObject]
    encode_late_problem: Callable[[Subject, Problem], Iterable[bytes]]
    keep_alive: bytes
