"""What all chat-like routes do, whatever their family: read the body, have it answered, tell the answer."""

from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Generic

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pointsman.application.incoming import Answer, AnswerEvent, Incoming, Settled
from pointsman.application.stopwatch import UPSTREAM, lap
from pointsman.domain.errors import CandidatesExhaustedError, PointsmanError, RequestError
from pointsman.domain.reply import JobStarted, Reply, ReplyEvent, TextDelta, assemble
from pointsman.domain.request import ChatRequest
from pointsman.domain.session import beginning_of
from pointsman.entrypoints.http.arrival import Arrival, read_body, receive
from pointsman.entrypoints.http.departure import unless_gone
from pointsman.entrypoints.http.event_stream import EventStream
from pointsman.entrypoints.http.overhead import tell_overhead
from pointsman.entrypoints.problems import to_problem
from pointsman.entrypoints.wire.family import BodyT, RawBody, WireFamily
from pointsman.entrypoints.wire.form import form_as_json, is_form
from pointsman.entrypoints.wire.job_announcement import announce_job
from pointsman.entrypoints.wire.shortfalls import tell_left_out, tell_structure_fault
from pointsman.entrypoints.wire.telling import Telling

METADATA_HEADERS = ("x-openrouter-metadata", "x-openrouter-experimental-metadata")
# What servers note of a client that left before it was answered; nobody receives it.
CLIENT_CLOSED_REQUEST = 499


async def answer_request(request: Request, family: WireFamily[BodyT]) -> Response:
    arrival = await receive(request)
    with lap("parse"):
        body, incoming = await read_incoming(request, arrival, family)
    exchange = Exchange(family, body, incoming, arrival, _wants_metadata(request))
    if incoming.request.stream:
        return EventStream(
            exchange.frames(), explain=exchange.explain, keep_alive=family.keep_alive, headers=exchange.headers
        )
    whole = await unless_gone(request.receive, exchange.whole())
    return whole or Response(status_code=CLIENT_CLOSED_REQUEST)


async def read_incoming(request: Request, arrival: Arrival, family: WireFamily[BodyT]) -> tuple[BodyT, Incoming]:
    """Raises RequestError for what cannot be taken, once it is recorded."""
    subject = arrival.subject
    try:
        content = await read_body(request)
        subject = replace(subject, prompt_chars=len(content), prompt_hmac=arrival.router.digest(content))
        body = family.parse(await _as_json(content, request.headers.get("content-type", "")), request.headers)
        subject = replace(
            subject,
            requested_model=body.model,
            streamed=body.stream,
        )
        decoded, preferences = family.decode_request(body), family.decode_preferences(body)
        subject = replace(subject, session_id=_session_id(body.session_id, decoded, arrival))
    except RequestError as error:
        await arrival.router.route_request.refuse(subject, error, arrived_at=arrival.arrived_at)
        raise
    return body, Incoming(decoded, preferences, arrival.caller, subject, arrival.arrived_at, arrival.deadline)


def _session_id(named: str | None, decoded: ChatRequest, arrival: Arrival) -> str:
    """The caller's name for the session, else its hint for the cache, else a digest of how the conversation begins."""
    known = named or arrival.subject.session_id or decoded.parameters.get("prompt_cache_key")
    return str(known) if known else f"begins-{arrival.router.digest(beginning_of(decoded.messages).encode())[:32]}"


async def _as_json(content: bytes, content_type: str) -> bytes:
    return await form_as_json(content, content_type) if is_form(content_type) else content


@dataclass(slots=True)
class Exchange(Generic[BodyT]):
    """One body and the family that its answer is told in; `answer` once one has begun."""

    family: WireFamily[BodyT]
    body: BodyT
    incoming: Incoming
    arrival: Arrival
    tells_metadata: bool
    answer: Answer | None = None

    def headers(self) -> Mapping[str, str]:
        """To be asked for when they are sent, for they tell the time that it took to get there, and who answers."""
        left_out: Mapping[str, str] = tell_left_out(self.answer) if self.answer else {}
        return {**self.arrival.headers, **tell_overhead(self.arrival.watch), **left_out}

    async def whole(self) -> Response:
        """Raises what `answer` raises, and CandidatesExhaustedError where the provider broke off."""
        answer = await self._open()
        with lap(UPSTREAM):
            reply, settled = await _collect(self._events(answer))
        if settled.failure is not None:
            raise CandidatesExhaustedError((settled.failure,))
        content = self.family.encode_reply(self.body, self._telling(answer), reply, settled.record)
        headers = {**self.headers(), **tell_structure_fault(settled.record)}
        if isinstance(content, RawBody):
            return Response(content.content, media_type=content.media_type, headers={**headers, **content.headers})
        return JSONResponse(content, headers=headers)

    async def frames(self) -> AsyncGenerator[bytes, None]:
        answer = await self._open()
        encoder = self.family.open_stream(self.body, self._telling(answer))
        async with aclosing(self._events(answer)) as events:
            async for event in events:
                for frame in encoder.encode(event):
                    yield frame

    async def _open(self) -> Answer:
        self.answer = await self.arrival.router.route_request.answer(self.incoming)
        return self.answer

    def explain(self, error: PointsmanError) -> Iterable[bytes]:
        return self.family.encode_late_problem(self.incoming.subject, to_problem(error))

    def _events(self, answer: Answer) -> AsyncGenerator[AnswerEvent, None]:
        is_plain = answer.opened.prediction.candidate.card.kind == self.incoming.request.kind
        return answer.events if is_plain else self._announced(answer)

    async def _announced(self, answer: Answer) -> AsyncGenerator[AnswerEvent, None]:
        """A chat that started a job says so in words."""
        async with aclosing(answer.events) as events:
            async for event in events:
                yield event
                if isinstance(event, JobStarted) and self.incoming.request.kind == "chat":
                    yield TextDelta(announce_job(self._telling(answer), event, self.incoming.request))

    def _telling(self, answer: Answer) -> Telling:
        reasoning = self.incoming.request.reasoning
        return Telling(
            answer,
            self.arrival.router.digest,
            hides_reasoning=reasoning is not None and reasoning.exclude,
            tells_ledger=self.body.routing is not None,
            tells_metadata=self.tells_metadata,
        )


async def _collect(answered: AsyncGenerator[AnswerEvent, None]) -> tuple[Reply, Settled]:
    seen, settled = list[ReplyEvent](), None
    async with aclosing(answered) as events:
        async for event in events:
            if isinstance(event, Settled):
                settled = event
            else:
                seen.append(event)
    assert settled is not None, "every answer ends with Settled"
    return assemble(seen), settled


def _wants_metadata(request: Request) -> bool:
    return any(request.headers.get(name, "").lower() == "enabled" for name in METADATA_HEADERS)
