"""An answer as the stream of a response: items one after the other, each event with its number in the whole."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pointsman.application.incoming import AnswerEvent, Settled
from pointsman.domain.json_types import JsonObject
from pointsman.domain.ledger import Subject
from pointsman.domain.reply import Choice, Finished, ReplyStarted, UsageReported
from pointsman.entrypoints.problems import Problem
from pointsman.entrypoints.wire.chat.problem import encode_problem
from pointsman.entrypoints.wire.responses.body import ResponsesBody
from pointsman.entrypoints.wire.responses.open_items import OpenItem, open_item_for
from pointsman.entrypoints.wire.responses.reply import encode_break, encode_end, ending_of, error_code, response_head
from pointsman.entrypoints.wire.server_events import write_data
from pointsman.entrypoints.wire.telling import Telling

KEEP_ALIVE = b": keep-alive\n\n"


@dataclass(slots=True)
class ResponseEncoder:
    """Encodes one answer. `_done` holds the finished items, which the last event tells again."""

    body: ResponsesBody
    telling: Telling
    _has_begun: bool = False
    _number: int = 0
    _open: OpenItem | None = None
    _done: list[JsonObject] = field(default_factory=list[JsonObject])
    _finished: Finished | None = None

    def encode(self, event: AnswerEvent) -> Iterable[bytes]:
        for data in self._encode(event):
            numbered = {**data, "sequence_number": self._number}
            self._number += 1
            yield write_data(numbered, event=str(data["type"]))

    def _encode(self, event: AnswerEvent) -> Iterator[JsonObject]:
        if isinstance(event, ReplyStarted | UsageReported):
            return
        if isinstance(event, Finished):
            self._finished = self._finished or event
            return
        yield from self._begin()
        if isinstance(event, Settled):
            yield from self._end(event)
            return
        if self._open is None or not self._open.takes(event):
            yield from self._close()
            self._open = open_item_for(event, self.telling, place=len(self._done))
            yield from self._open.open() if self._open else ()
        yield from self._open.encode(event) if self._open else ()

    def _begin(self) -> Iterator[JsonObject]:
        if not self._has_begun:
            self._has_begun = True
            head = response_head(self.body, self.telling)
            yield {"type": "response.created", "response": head}
            yield {"type": "response.in_progress", "response": head}

    def _close(self, *, is_cut: bool = False) -> Iterator[JsonObject]:
        if self._open is not None:
            yield from self._open.close(is_cut)
            self._done.append(self._open.whole)
            self._open = None

    def _end(self, settled: Settled) -> Iterator[JsonObject]:
        finished = self._finished or Finished("error")
        ending = "failed" if settled.failure else ending_of(finished.reason)
        yield from self._close(is_cut=ending != "completed")
        choice = Choice(finish_reason=finished.reason, native_finish_reason=finished.native_reason)
        failure, record = settled.failure, settled.record
        end = encode_break(failure, record) if failure else encode_end(choice, record)
        whole = {**response_head(self.body, self.telling), "output": self._done, **end, **self.telling.extras(record)}
        yield {"type": f"response.{ending}", "response": whole}


def encode_late_problem(_subject: Subject, problem: Problem) -> Iterable[bytes]:
    """For an answer that never began, in a stream that has. Older SDKs look for `error` in it, newer for its type."""
    told = {"code": error_code(problem), "message": problem.message, "param": problem.param}
    yield write_data({"type": "error", "sequence_number": 0, **told, **encode_problem(problem)}, event="error")
