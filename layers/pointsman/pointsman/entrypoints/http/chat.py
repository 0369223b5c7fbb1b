"""POST /chat/completions and POST /route: the same body, answered or only decided."""

from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from pointsman.application.incoming import Answer, Incoming, Settled
from pointsman.domain.documents.ledger import ledger_document
from pointsman.domain.errors import CandidatesExhaustedError, RequestError
from pointsman.domain.ledger import AuditRecord
from pointsman.domain.reply import ReasoningDelta, Reply, ReplyEvent, assemble
from pointsman.entrypoints.http.arrival import Arrival, read_body, receive
from pointsman.entrypoints.http.event_stream import EventStream
from pointsman.entrypoints.wire.chat_body import ChatBody
from pointsman.entrypoints.wire.chat_chunks import ChunkEncoder
from pointsman.entrypoints.wire.chat_reply import encode_completion, encode_metadata
from pointsman.entrypoints.wire.chat_request import decode_chat_request, parse_chat_body
from pointsman.entrypoints.wire.preferences import decode_preferences

routes = APIRouter()
METADATA_HEADERS = ("x-openrouter-metadata", "x-openrouter-experimental-metadata")


@routes.post("/chat/completions")
async def create_chat_completion(request: Request) -> Response:
    arrival = await receive(request)
    incoming, body = await _read_incoming(request, arrival)
    answer = await arrival.router.route_request.answer(incoming)
    headers = {"x-generation-id": answer.subject.id, "x-request-id": answer.subject.id}

    def extras(record: AuditRecord) -> Mapping[str, Any]:
        return _extras(request, body, answer, record)

    hide_reasoning = _hides_reasoning(incoming)
    if incoming.request.stream:
        encoder = ChunkEncoder(answer, extras, hide_reasoning=hide_reasoning)
        return EventStream(encoder.stream(), headers=headers | {"cache-control": "no-cache"})
    reply, settled = await _collect(answer, hide_reasoning=hide_reasoning)
    if settled.failure is not None:
        raise CandidatesExhaustedError((settled.failure,))
    completion = encode_completion(answer, reply, settled.record, extras=extras(settled.record))
    return JSONResponse(completion, headers=headers)


@routes.post("/route")
async def decide_route(request: Request) -> Response:
    """What /chat/completions would do with this body. Nothing is called and nothing spent."""
    arrival = await receive(request)
    incoming, _ = await _read_incoming(request, arrival)
    record = await arrival.router.route_request.decide_only(incoming)
    return JSONResponse({"object": "routing.decision", "routing": ledger_document(record)})


async def _read_incoming(request: Request, arrival: Arrival) -> tuple[Incoming, ChatBody]:
    subject = arrival.subject
    try:
        content = await read_body(request)
        subject = replace(subject, prompt_chars=len(content), prompt_hmac=arrival.router.digest(content))
        body = parse_chat_body(content)
        subject = replace(
            subject,
            requested_model=body.model,
            streamed=body.stream,
            session_id=body.session_id or subject.session_id,
        )
        decoded, preferences = decode_chat_request(body), decode_preferences(body)
    except RequestError as error:
        await arrival.router.route_request.refuse(subject, error, arrived_at=arrival.arrived_at)
        raise
    return Incoming(decoded, preferences, arrival.caller, subject, arrival.arrived_at), body


async def _collect(answer: Answer, *, hide_reasoning: bool) -> tuple[Reply, Settled]:
    seen, settled = list[ReplyEvent](), None
    async with aclosing(answer.events) as events:
        async for event in events:
            if isinstance(event, Settled):
                settled = event
            elif not (hide_reasoning and isinstance(event, ReasoningDelta)):
                seen.append(event)
    assert settled is not None, "every answer ends with Settled"
    return assemble(seen), settled


def _extras(request: Request, body: ChatBody, answer: Answer, record: AuditRecord) -> Mapping[str, Any]:
    wanted: dict[str, Any] = {}
    if any(request.headers.get(name, "").lower() == "enabled" for name in METADATA_HEADERS):
        wanted["openrouter_metadata"] = encode_metadata(answer, record)
    if body.routing is not None:
        wanted["routing"] = ledger_document(record)
    return wanted


def _hides_reasoning(incoming: Incoming) -> bool:
    return incoming.request.reasoning is not None and incoming.request.reasoning.exclude
