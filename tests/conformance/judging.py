"""Reads a recording through the real client and finds fault with what comes out, by rules that need no decoder."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from pointsman.domain.errors import ProviderError, ProviderErrorKind, ProviderFailure
from pointsman.domain.reply import Choice, Reply, assemble
from pointsman.domain.request import ChatRequest, Message, TextPart

from tests.conformance import plain_reading
from tests.conformance.cards import card_with
from tests.conformance.recorded_traffic import Recording
from tests.conformance.replaying import Wire, replay

KNOWN_LIMITS: Mapping[str, Any] = tomllib.loads((Path(__file__).parent / "known_limits.toml").read_text("utf-8"))
# Some models leave the arguments empty where a tool has none.
NO_ARGUMENTS = "{}"
EXPECTED_KINDS: Mapping[int, frozenset[ProviderErrorKind]] = {
    200: frozenset(("malformed_reply", "unavailable", "overloaded", "rate_limited")),
    400: frozenset(("invalid_request", "context_length", "content_policy", "malformed_reply")),
    401: frozenset(("authentication",)),
    403: frozenset(("authentication",)),
    404: frozenset(("model_not_found",)),
    429: frozenset(("rate_limited", "quota_exhausted")),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reply` or `failure` is what the client made of the recording; `faults` what is wrong with that."""

    recording: Recording
    reply: Reply | None = None
    failure: ProviderFailure | None = None
    limit: str | None = None
    faults: tuple[str, ...] = ()


def judge(recording: Recording) -> Verdict:
    limit = _limit("undecodable", recording)
    recording = replace(recording, row=_row_of(recording))
    request = ChatRequest((Message("user", (TextPart("Hello"),)),), stream=recording.streamed)
    wire = Wire(recording.content, status=recording.status, headers=recording.headers)
    try:
        reply = assemble(replay(wire, request, card_with(), row=recording.row))
    except ProviderError as error:
        faults = () if limit else tuple(_faults_of_failure(recording, error.failure))
        return Verdict(recording, failure=error.failure, limit=limit, faults=faults)
    faults = ("is read after all: strike it off the known limits",) if limit else tuple(_faults(recording, reply))
    return Verdict(recording, reply=reply, limit=limit, faults=faults)


def _row_of(recording: Recording) -> str:
    renamed = [row for row, names in KNOWN_LIMITS["read_as"].items() if recording.name in names]
    return renamed[0] if renamed else recording.row


def _limit(group: str, recording: Recording) -> str | None:
    limits = KNOWN_LIMITS[group].items()
    return next((reason for name, reason in limits if fnmatchcase(recording.name, name)), None)


def _faults_of_failure(recording: Recording, failure: ProviderFailure) -> Iterator[str]:
    if not plain_reading.has_error(recording):
        yield f"a good answer was refused: {failure.message}"
    if failure.kind not in EXPECTED_KINDS[recording.status]:
        yield f"status {recording.status} became {failure.kind}"
    if "context-length" in recording.name and recording.status == 400 and failure.kind != "context_length":
        yield f"a prompt too long became {failure.kind}"


def _faults(recording: Recording, reply: Reply) -> Iterator[str]:
    if plain_reading.has_error(recording):
        yield "an error was taken for an answer"
    for choice in reply.choices:
        yield from _faults_of_choice(choice)
    if reply.choices[0].text != plain_reading.text_of(recording):
        yield "its text differs"
    if [call.name for call in reply.choices[0].tool_calls] != plain_reading.tools_of(recording):
        yield "its tool calls differ"
    if any(count < 0 for count in reply.usage.tokens.values()):
        yield "it has fewer than no tokens"
    told = plain_reading.total_tokens_of(recording)
    counted = reply.usage.prompt_tokens + reply.usage.completion_tokens
    if told != counted and not _limit("usage_beside_the_total", recording):
        yield f"{told} tokens became {counted}"


def _faults_of_choice(choice: Choice) -> Iterator[str]:
    if choice.finish_reason == "error":
        yield "it never finished"
    if (choice.finish_reason == "tool_calls") and not choice.tool_calls:
        yield "it calls tools without any call"
    for call in choice.tool_calls:
        if not call.id or not isinstance(json.loads(call.arguments or NO_ARGUMENTS), dict):
            yield f"the call of {call.name} has no id or no object"
