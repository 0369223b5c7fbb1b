"""The project's own fixtures: for each catalog row what we send, what comes back and what we make of it."""

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
from pointsman.domain.errors import ProviderError
from pointsman.domain.reply import Choice, Reply, assemble

from local.simulated_providers.aws_event_stream import write_event
from tests.conformance.cards import card_with
from tests.conformance.replaying import Wire, replay
from tests.conformance.sample_requests import REQUESTS

FOLDER = Path(__file__).parent / "fixtures"


@dataclass(frozen=True, slots=True)
class Fixture:
    """`card` has what matters of a model card, `reply` a status, headers and a JSON `body`, a stream's `lines` or
    the name and payload of each of AWS's `events`."""

    row: str
    name: str
    request: str
    model: str
    stream: bool
    card: Mapping[str, Any]
    sent: Mapping[str, Any]
    reply: Mapping[str, Any]
    received: Mapping[str, Any]
    mode: str | None = None


def committed_fixtures() -> Iterator[Fixture]:
    for path in sorted(FOLDER.glob("*/*.json")):
        yield Fixture(row=path.parent.name, name=path.stem, **json.loads(path.read_text(encoding="utf-8")))


def perform(fixture: Fixture) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """What was sent and what was received, in the forms that fixtures write down."""
    wire = Wire(_content_of(fixture.reply), status=fixture.reply["status"], headers=fixture.reply.get("headers"))
    request = replace(REQUESTS[fixture.request], stream=fixture.stream)
    try:
        received = write_reply(
            assemble(
                replay(
                    wire,
                    request,
                    card_with(**fixture.card),
                    row=fixture.row,
                    model=fixture.model,
                    mode=fixture.mode,
                )
            )
        )
    except ProviderError as error:
        failure = error.failure
        shown = {"kind": failure.kind, "message": failure.message, "status": failure.status, "code": failure.code}
        received = {"error": _told({**shown, "retry_after_s": failure.retry_after_s})}
    return _write_request(wire), received


def write_reply(reply: Reply) -> Mapping[str, Any]:
    cost = reply.usage.provider_cost_usd
    return _told(
        {
            "id": reply.upstream_id,
            "model": reply.upstream_model,
            "choices": [_write_choice(choice) for choice in reply.choices],
            "vectors": [list(vector) for vector in reply.embeddings],
            "transcript": dict(reply.transcript),
            "job": reply.job_id,
            "units": {unit: f"{count:f}" for unit, count in reply.usage.units.items()},
            "usage": {kind: count for kind, count in reply.usage.tokens.items() if count},
            "billed": reply.usage.billed,
            "cost_usd": None if cost is None else f"{cost:f}",
        }
    )


def _write_choice(choice: Choice) -> Mapping[str, Any]:
    return _told(
        {
            "text": choice.text,
            "refusal": choice.refusal,
            "reasoning": choice.reasoning,
            "reasoning_details": list(choice.reasoning_details),
            "tool_calls": [[call.id, call.name, call.arguments] for call in choice.tool_calls],
            "media": [[media.mime_type, media.base64_data] for media in choice.media],
            "annotations": list(choice.annotations),
            "logprobs": list(choice.logprobs),
            "finish": [choice.finish_reason, choice.native_finish_reason],
        }
    )


def _write_request(wire: Wire) -> Mapping[str, Any]:
    request = wire.requests[0]
    kept = ("authorization", "api-key", "x-api-key", "x-key", "x-goog-api-key", "anthropic-version")
    return {
        "url": str(request.url),
        "headers": {name: request.headers[name] for name in kept if name in request.headers},
        "body": _write_body(request),
    }


def _write_body(request: httpx.Request) -> Any:
    """A form as its lines, without the boundary that is another one each time."""
    kind = request.headers["content-type"]
    if "boundary=" not in kind:
        return json.loads(request.content)
    parts = request.content.decode("latin-1").split(f"--{kind.partition('boundary=')[2]}")
    return [part.strip().splitlines() for part in parts if part.strip(" -\r\n")]


def _content_of(reply: Mapping[str, Any]) -> bytes:
    if "events" in reply:
        return b"".join(write_event(name, payload) for name, payload in reply["events"])
    if "base64" in reply:
        return base64.b64decode(reply["base64"])
    if "lines" in reply:
        return (reply.get("newline", "\n").join(reply["lines"])).encode()
    return json.dumps(reply["body"]).encode()


def _told(values: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", [], {}, ())}
