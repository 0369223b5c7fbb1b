"""Reads a recording through the real client and finds fault with what comes out, by a plain reading of the same."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from pointsman.adapters.providers.dialects.table import JOB_DIALECTS
from pointsman.domain.errors import ProviderError, ProviderFailure
from pointsman.domain.reply import Choice, Reply, assemble
from pointsman.domain.request import ChatRequest, Message, TextPart

from tests.conformance.cards import card_with
from tests.conformance.exchanges import Exchange
from tests.conformance.plain.errors import expected_kinds, expected_retry_after_s
from tests.conformance.plain.said import Call, Ending, Said, parse_arguments
from tests.conformance.replaying import CATALOG, Wire, replay
from tests.conformance.requests.judging import judge_request
from tests.conformance.surfaces import Surface, is_stranger, row_of, surface_of, why_no_surface
from tests.conformance.unasked_forms import why_unasked

Status = Literal["passed", "failed", "not_applicable"]
QUESTION = Message("user", (TextPart("Hello"),))


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reason` says why a recording is not applicable, or what is wrong with what was read.

    `request` says how the recorded request compares with what Pointsman sends for the same.
    """

    file: str
    provider: str
    kind: str
    status: Status
    reason: str = ""
    endpoint: str = ""
    request: str = ""
    request_detail: tuple[str, ...] = ()


def judge(exchange: Exchange) -> Verdict:
    surface = surface_of(exchange)
    reason = why_no_surface(exchange) if surface is None else why_unasked(exchange)
    if surface is None or reason:
        return _verdict(exchange, "not_applicable", reason)
    request = judge_request(exchange, row_of(exchange, surface), mode=surface.mode)
    # What a provider without a row would have been sent is nobody's fault.
    faults = (*find_faults(exchange, surface), *(() if is_stranger(exchange) else request.faults))
    verdict = _verdict(exchange, "failed" if faults else "passed", "; ".join(faults))
    return replace(verdict, request=request.outcome, request_detail=request.detail)


def _verdict(exchange: Exchange, status: Status, reason: str) -> Verdict:
    return Verdict(exchange.file, exchange.provider, exchange.kind, status, reason, exchange.endpoint)


def find_faults(exchange: Exchange, surface: Surface) -> Iterator[str]:
    said = _read_plainly(exchange, surface)
    try:
        if said.job_status is not None:
            yield from _faults_of_job(exchange, said, row_of(exchange, surface))
            return
        reply = _read(exchange, surface)
    except ProviderError as error:
        yield from _faults_of_failure(exchange, said, error.failure)
    except Exception as error:  # noqa: BLE001 - a crash of the decoder is a finding
        yield f"reading it crashed ({type(error).__name__}: {error})"
    else:
        yield from _faults_of_reply(exchange, said, reply)


def _read_plainly(exchange: Exchange, surface: Surface) -> Said:
    """An answer of no known form says nothing, and so has to be refused."""
    try:
        return Said() if exchange.is_error else surface.read(exchange)
    except Exception:  # noqa: BLE001 - a stranger's file may hold anything
        return Said(ending=Ending("error"))


def _faults_of_job(exchange: Exchange, said: Said, row: str) -> Iterator[str]:
    status = JOB_DIALECTS[CATALOG[row].dialect_for("video_generation")].decode_job(exchange.pieces[0]).status
    if status != said.job_status:
        yield f"a job that is {said.job_status} became {status}"


def _read(exchange: Exchange, surface: Surface) -> Reply:
    wire = Wire(exchange.content, status=exchange.status, headers=exchange.headers)
    request, row = ChatRequest((QUESTION,), stream=exchange.streamed), row_of(exchange, surface)
    return assemble(replay(wire, request, card_with(kind=surface.kind), row=row, mode=surface.mode))


def _faults_of_failure(exchange: Exchange, said: Said, failure: ProviderFailure) -> Iterator[str]:
    if not (exchange.is_error or said.reports_error):
        # Where the model broke off, or nobody knows how it ended, the answer has to be refused.
        if said.ending.word not in (None, "error"):
            yield f"a good answer was refused: {failure.message}"
        elif failure.kind != "malformed_reply":
            yield f"an unfinished answer became {failure.kind}"
        return
    expected = expected_kinds(exchange)
    if failure.kind not in expected:
        yield f"status {exchange.status} became {failure.kind}, not {' or '.join(sorted(expected))}"
    told_wait = expected_retry_after_s(exchange)
    if told_wait is not None and failure.retry_after_s != told_wait:
        yield f"a wait of {told_wait} s became {failure.retry_after_s}"


def _faults_of_reply(exchange: Exchange, said: Said, reply: Reply) -> Iterator[str]:
    if exchange.is_error or said.reports_error:
        yield "an error was taken for an answer"
        return
    if said.ending.unknown is not None:
        yield f"the unknown finish reason {said.ending.unknown!r} was guessed"
    for choice in reply.choices:
        yield from _faults_of_choice(choice)
    yield from _faults_against(said, reply.choices[0])
    yield from _faults_of_media(said, reply)
    yield from _faults_of_usage(said, reply)


def _faults_of_choice(choice: Choice) -> Iterator[str]:
    if choice.finish_reason == "error":
        yield "it never finished"
    if choice.finish_reason == "tool_calls" and not choice.tool_calls:
        yield "it calls tools without any call"
    for call in choice.tool_calls:
        if not call.id or not isinstance(_parse(call.arguments), dict):
            yield f"the call of {call.name} has no id or no object"


def _faults_of_media(said: Said, reply: Reply) -> Iterator[str]:
    produced = len(reply.choices[0].media)
    if said.media is not None and produced != said.media:
        yield f"{said.media} pictures or sounds became {produced}"
    lengths = tuple(map(len, reply.embeddings))
    if lengths != said.vectors:
        yield f"vectors of {said.vectors} numbers became {lengths}"
    if reply.job_id != said.job:
        yield f"the job {said.job} became {reply.job_id}"


def _faults_against(said: Said, choice: Choice) -> Iterator[str]:
    if choice.text != said.text:
        yield f"its text differs: {len(choice.text)} characters, not {len(said.text)}"
    calls = tuple(Call(call.name, _parse(call.arguments)) for call in choice.tool_calls)
    if calls != said.calls:
        yield f"its tool calls differ: {calls}, not {said.calls}"
    if said.ending.word not in (None, choice.finish_reason):
        yield f"it ended with {choice.finish_reason}, not {said.ending.word}"


def _parse(arguments: str) -> Any:
    try:
        return parse_arguments(arguments)
    except ValueError:
        return arguments


def _faults_of_usage(said: Said, reply: Reply) -> Iterator[str]:
    tokens = reply.usage.tokens
    if any(count < 0 for count in tokens.values()):
        yield "it has fewer than no tokens"
    counted = {"total": sum(tokens.values())} | {name: tokens.get(name, 0) for name in said.tokens if name != "total"}
    for name, told in said.tokens.items():
        if counted[name] != told:
            yield f"{told} {name} tokens became {counted[name]}"
    if said.cost_usd is not None and reply.usage.provider_cost_usd != said.cost_usd:
        yield f"a cost of {said.cost_usd} USD became {reply.usage.provider_cost_usd}"
