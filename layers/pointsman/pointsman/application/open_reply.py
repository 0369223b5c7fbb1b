"""Gets a first byte: tries the candidates in order until one begins to answer. Nothing has reached the caller yet."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from pointsman.application.hurry import Hurry
from pointsman.application.ports import LiveBook, Providers
from pointsman.application.stopwatch import UPSTREAM, lap
from pointsman.application.take_turns import Turns
from pointsman.domain.candidate import Candidate, Prediction
from pointsman.domain.errors import CandidatesExhaustedError, ProviderError, ProviderFailure, RequestError
from pointsman.domain.ledger import Attempt
from pointsman.domain.reasoning_origin import keep_own_thoughts, mark_thought
from pointsman.domain.reply import Connected, ReplyEvent, ReplyStarted, UsageReported
from pointsman.domain.request import ChatRequest, Reasoning
from pointsman.domain.structured_output import ask_by_tool, goes_by_tool, tell_as_answer


@dataclass(frozen=True, slots=True)
class OpenedReply:
    """An answer that has begun. `head` holds the events that came while waiting for its first content."""

    prediction: Prediction
    head: tuple[ReplyEvent, ...]
    rest: AsyncGenerator[ReplyEvent, None]
    attempts: tuple[Attempt, ...]


@dataclass(slots=True)
class Opening:
    """How far an answer has got that has not begun: what has failed, whom it is awaited from, what came so far.

    `connection_ms` is what the call that is awaited spent on a new connection.
    """

    attempts: list[Attempt] = field(default_factory=list[Attempt])
    failures: list[ProviderFailure] = field(default_factory=list[ProviderFailure])
    awaited: Prediction | None = None
    head: list[ReplyEvent] = field(default_factory=list[ReplyEvent])
    connection_ms: int = 0


@dataclass(frozen=True, slots=True)
class ReplyOpener:
    """`clock` gives seconds that never run backwards; `timeout_s` bounds each attempt."""

    providers: Providers
    live: LiveBook
    turns: Turns
    clock: Callable[[], float]
    timeout_s: float

    async def open(
        self, order: Sequence[Prediction], request: ChatRequest, opening: Opening, *, deadline: float | None = None
    ) -> OpenedReply:
        """Try each when it is its turn, for as long as there is time, and note in `opening` how it goes.

        A request that a provider's dialect cannot express goes to the next. Raises CandidatesExhaustedError where
        none answered or the fault is the caller's, RequestError where every candidate refused so.
        """
        attempts, failures = opening.attempts, opening.failures
        hurry = Hurry(deadline, self.timeout_s, self.clock)
        refusal: RequestError | None = None
        async with aclosing(self.turns.take(order, failures, hurry)) as turns:
            async for prediction in turns:
                began, is_pressed = self.clock(), hurry.presses()
                events = self._call(prediction.candidate, request, opening, hurry)
                opening.awaited, opening.head, opening.connection_ms = prediction, [], 0
                try:
                    with lap(UPSTREAM):
                        await _read_head(events, opening.head)
                except RequestError as error:
                    opening.awaited, refusal = None, refusal or error
                except ProviderError as error:
                    opening.awaited = None
                    failed = self._note(prediction.candidate, began, opening, error.failure, is_pressed=is_pressed)
                    attempts.append(failed)
                    failures.append(replace(error.failure, provider=prediction.candidate.endpoint.provider))
                else:
                    attempts.append(self._note(prediction.candidate, began, opening))
                    return OpenedReply(prediction, tuple(opening.head), events, tuple(attempts))
        if refusal is not None and not failures:
            raise refusal
        raise CandidatesExhaustedError(tuple(failures), attempts=tuple(attempts))

    def _call(
        self, candidate: Candidate, request: ChatRequest, opening: Opening, hurry: Hurry
    ) -> AsyncGenerator[ReplyEvent, None]:
        if candidate.reasoning_effort is not None and request.reasoning is None and candidate.card.kind == "chat":
            request = replace(request, reasoning=Reasoning(candidate.reasoning_effort))
        return self._translate(candidate, keep_own_thoughts(request, candidate.origin), opening, hurry)

    async def _translate(
        self, candidate: Candidate, request: ChatRequest, opening: Opening, hurry: Hurry
    ) -> AsyncGenerator[ReplyEvent, None]:
        """To and from what this model knows: a schema by a tool, and its own thoughts alone."""
        by_tool, origin = goes_by_tool(request, candidate.card), candidate.origin
        asked = ask_by_tool(request) if by_tool else request
        events = self.providers.reply(asked, candidate.card, candidate.endpoint, timeout_s=hurry.left_s())
        async with aclosing(events):
            async for event in hurry.cut_off(events, candidate.endpoint.provider):
                if isinstance(event, Connected):
                    opening.connection_ms = event.duration_ms
                    continue
                yield mark_thought(tell_as_answer(event) if by_tool else event, origin)

    def _note(
        self,
        candidate: Candidate,
        began: float,
        opening: Opening,
        failure: ProviderFailure | None = None,
        *,
        is_pressed: bool = False,
    ) -> Attempt:
        attempt = Attempt(
            model=candidate.id,
            provider=candidate.endpoint.provider,
            duration_ms=round((self.clock() - began) * 1000),
            status=failure.status if failure else 200,
            error=failure.kind if failure else None,
            message=failure.message if failure else "",
            connection_ms=opening.connection_ms,
            is_cut_short=is_pressed and failure is not None and failure.kind == "timeout",
        )
        if not attempt.is_cut_short:
            self.live.note(candidate.key, attempt)
        return attempt


async def _read_head(events: AsyncIterator[ReplyEvent], head: list[ReplyEvent]) -> None:
    """Events up to and with the first that holds content: until then another model can still take over unseen."""
    async for event in events:
        head.append(event)
        if not isinstance(event, ReplyStarted | UsageReported):
            break
