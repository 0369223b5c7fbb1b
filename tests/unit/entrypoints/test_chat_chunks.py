"""An answer as chunks and as a whole: what clients count on, whatever the provider sends."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

from pointsman.application.incoming import Incoming
from pointsman.domain.errors import ProviderError
from pointsman.domain.ledger import Subject
from pointsman.domain.preferences import Caller, Preferences
from pointsman.domain.reply import (
    Finished,
    LogprobsDelta,
    ReasoningDelta,
    RefusalDelta,
    ReplyEvent,
    TextDelta,
    ToolCallDelta,
    Usage,
    UsageReported,
)
from pointsman.domain.request import ChatRequest, Message, TextPart
from pointsman.entrypoints.wire.chat.chunks import DONE, ChunkEncoder
from pointsman.entrypoints.wire.server_events import write_data
from pointsman.entrypoints.wire.telling import Telling

from tests.fakes import failure, make_card, make_stage

END = (Finished("stop", "end"), UsageReported(Usage({"input": 3, "cache_read": 2, "output": 4, "reasoning": 1})))


def stream(*events: ReplyEvent | ProviderError, hide_reasoning: bool = False) -> list[Any]:
    request = ChatRequest(messages=(Message("user", (TextPart("Hello"),)),))
    subject = Subject("gen-1", datetime(2026, 11, 22, tzinfo=UTC), "/v1/chat/completions", "me", "auto", streamed=True)
    incoming = Incoming(request, Preferences(), Caller("me"), subject, arrived_at=0.0)
    stage = make_stage([make_card("one")], {"acme/one": events})

    async def collect() -> list[bytes]:
        answer = await stage.router.route_request.answer(incoming)
        encoder = ChunkEncoder(Telling(answer, lambda _: "signature", hides_reasoning=hide_reasoning))
        return [frame async for event in answer.events for frame in encoder.encode(event)]

    frames = asyncio.run(collect())
    assert frames[-1] == DONE
    assert DONE not in frames[:-1]
    assert all(frame.startswith(b"data: ") and frame.endswith(b"\n\n") for frame in frames)
    return [json.loads(frame.removeprefix(b"data: ")) for frame in frames[:-1]]


def deltas_of(chunks: list[Any]) -> list[Any]:
    return [choice["delta"] for chunk in chunks for choice in chunk["choices"]]


def test_each_choice_has_its_own_role_and_finish() -> None:
    chunks = stream(
        TextDelta("a"), TextDelta("b", choice=1), TextDelta("c"), Finished("stop"), Finished("length", choice=1), END[1]
    )
    choices = [choice for chunk in chunks for choice in chunk["choices"]]
    assert [choice["index"] for choice in choices if "role" in choice["delta"]] == [0, 1]
    assert [(c["index"], c["finish_reason"]) for c in choices if c["finish_reason"]] == [(0, "stop"), (1, "length")]


def test_a_second_finish_of_a_choice_is_not_sent() -> None:
    chunks = stream(TextDelta("a"), Finished("stop"), Finished("stop"), END[1])
    assert [c["finish_reason"] for chunk in chunks for c in chunk["choices"]] == [None, "stop"]


def test_of_several_reports_of_usage_the_last_is_sent_once() -> None:
    chunks = stream(TextDelta("a"), UsageReported(Usage({"input": 3})), *END)
    assert ["usage" in chunk for chunk in chunks] == [False, False, True]
    usage = chunks[-1]["usage"]
    assert chunks[-1]["choices"] == []
    assert (usage["prompt_tokens"], usage["completion_tokens"], usage["total_tokens"]) == (5, 5, 10)
    assert usage["prompt_tokens_details"]["cached_tokens"] == 2
    assert usage["completion_tokens_details"]["reasoning_tokens"] == 1


def test_a_tool_call_is_named_in_its_first_fragment_and_indexed_in_each() -> None:
    call = [ToolCallDelta(0, "c1", "look_up"), ToolCallDelta(0, arguments='{"a"'), ToolCallDelta(0, arguments=":1}")]
    chunks = stream(*call, Finished("tool_calls", "tool_use"), END[1])
    pieces = [delta["tool_calls"][0] for delta in deltas_of(chunks) if "tool_calls" in delta]
    assert [piece["index"] for piece in pieces] == [0, 0, 0]
    assert [piece.get("id") for piece in pieces] == ["c1", None, None]
    assert [piece["function"].get("name") for piece in pieces] == ["look_up", None, None]
    assert "".join(piece["function"]["arguments"] for piece in pieces) == '{"a":1}'


def test_reasoning_is_sent_and_can_be_hidden() -> None:
    events = (ReasoningDelta("hm", {"type": "reasoning.text", "text": "hm"}), TextDelta("a"), *END)
    shown = deltas_of(stream(*events))
    assert [delta.get("reasoning") for delta in shown] == ["hm", None, None]
    assert shown[0]["reasoning_details"] == [{"type": "reasoning.text", "text": "hm", "id": "pointsman:acme/one@acme#"}]
    hidden = deltas_of(stream(*events, hide_reasoning=True))
    assert hidden[0] == {"role": "assistant", "content": "a"}
    assert not any("reasoning" in delta or "reasoning_details" in delta for delta in hidden)


def test_refusals_and_logprobs_have_their_places() -> None:
    chunks = stream(RefusalDelta("no"), LogprobsDelta({"content": []}), *END)
    assert deltas_of(chunks)[0] == {"role": "assistant", "refusal": "no"}
    assert chunks[1]["choices"][0]["logprobs"] == {"content": [], "refusal": []}


def test_a_broken_stream_has_usage_and_error_and_ends() -> None:
    usage, error = stream(TextDelta("a"), failure("rate_limited", code="slow"))[-2:]
    assert usage["usage"]["cost"] > 0
    assert (error["error"]["code"], error["error"]["metadata"]["provider_code"]) == (429, "slow")
    assert [choice["finish_reason"] for choice in error["choices"]] == ["error"]


def test_half_a_character_is_written_as_an_escape() -> None:
    """Some providers cut an emoji in two: its halves have no UTF-8, and the client puts them together again."""
    assert write_data({"content": "\ud83d"}) == b'data: {"content":"\\ud83d"}\n\n'
    assert write_data({"content": "\u2028é"}) == 'data: {"content":"\u2028é"}\n\n'.encode()
