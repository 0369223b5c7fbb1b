import json
from collections.abc import Callable
from typing import Any

import httpx
import jsonschema
import pytest

Send = Callable[..., httpx.Response]
PATH = "/anthropic/v1/messages"
SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
TOOL = {"name": "add", "input_schema": SCHEMA}


def body(**fields: Any) -> dict[str, Any]:
    messages = [{"role": "user", "content": [{"type": "text", "text": "Hello there"}]}]
    return {"model": "claude-haiku-5-5", "max_tokens": 500, "messages": messages, **fields}


def read_events(reply: httpx.Response) -> list[dict[str, Any]]:
    blocks = [block.split("\n") for block in reply.text.rstrip("\n").split("\n\n")]
    events = [json.loads(data.removeprefix("data: ")) for _, data in blocks]
    assert [f"event: {event['type']}" for event in events] == [name for name, _ in blocks]
    return events


def test_a_whole_answer_is_a_message_of_blocks(anthropic: Send) -> None:
    reply = anthropic(PATH, body()).json()
    assert (reply["type"], reply["role"], reply["stop_reason"]) == ("message", "assistant", "end_turn")
    assert "Hello there" in reply["content"][0]["text"]
    assert reply["usage"]["input_tokens"] > 0
    assert reply["usage"]["output_tokens"] > 20


def test_a_stream_opens_its_blocks_and_closes_them_in_order(anthropic: Send) -> None:
    events = read_events(anthropic(PATH, body(stream=True)))
    kinds = [event["type"] for event in events]
    assert kinds[:3] == ["message_start", "content_block_start", "ping"]
    assert kinds[-3:] == ["content_block_stop", "message_delta", "message_stop"]
    text = "".join(event["delta"]["text"] for event in events if event["type"] == "content_block_delta")
    assert text == anthropic(PATH, body()).json()["content"][0]["text"]
    assert events[0]["message"]["usage"]["input_tokens"] > 0
    assert events[-2]["usage"]["output_tokens"] > 20


def test_a_tool_is_called_whole_and_streamed_in_pieces(anthropic: Send) -> None:
    forced = body(tools=[TOOL], tool_choice={"type": "tool", "name": "add"})
    reply = anthropic(PATH, forced).json()
    assert reply["stop_reason"] == "tool_use"
    jsonschema.validate(reply["content"][0]["input"], SCHEMA)
    deltas = [event["delta"] for event in read_events(anthropic(PATH, {**forced, "stream": True})) if "delta" in event]
    pieces = [delta["partial_json"] for delta in deltas if delta.get("type") == "input_json_delta"]
    assert pieces[0] == ""
    jsonschema.validate(json.loads("".join(pieces)), SCHEMA)


def test_a_tool_without_arguments_streams_only_an_empty_piece(anthropic: Send) -> None:
    tool = {"name": "now", "input_schema": {"type": "object"}}
    events = read_events(anthropic(PATH, body(tools=[tool], tool_choice={"type": "any"}, stream=True)))
    assert [event["delta"]["partial_json"] for event in events if event["type"] == "content_block_delta"] == [""]


def test_thinking_comes_first_and_is_signed(anthropic: Send) -> None:
    thinking = {"type": "enabled", "budget_tokens": 100}
    content = anthropic(PATH, body(thinking=thinking)).json()["content"]
    assert [block["type"] for block in content] == ["thinking", "text"]
    assert content[0]["signature"]
    usage = anthropic(PATH, body(thinking=thinking)).json()["usage"]
    assert 0 < usage["output_tokens_details"]["thinking_tokens"] < usage["output_tokens"]
    events = read_events(anthropic(PATH, body(thinking=thinking, stream=True)))
    kinds = [event["delta"]["type"] for event in events if event["type"] == "content_block_delta"]
    assert kinds[0] == "thinking_delta"
    assert "signature_delta" in kinds
    assert kinds[-1] == "text_delta"


def test_thinking_and_a_forced_tool_exclude_each_other(anthropic: Send) -> None:
    forced = body(tools=[TOOL], tool_choice={"type": "any"}, thinking={"type": "adaptive"})
    assert anthropic(PATH, forced).status_code == 400


def test_the_limit_on_tokens_and_stop_sequences_end_an_answer(anthropic: Send) -> None:
    short = anthropic(PATH, body(max_tokens=4)).json()
    assert (short["stop_reason"], short["usage"]["output_tokens"]) == ("max_tokens", 4)
    stopped = anthropic(PATH, body(stop_sequences=["Hello"])).json()
    assert (stopped["stop_reason"], stopped["stop_sequence"]) == ("stop_sequence", "Hello")


def test_only_a_marked_prompt_is_cached(anthropic: Send) -> None:
    block = {"type": "text", "text": "word " * 2000}
    assert [anthropic(PATH, body(system=[block])).json()["usage"]["cache_read_input_tokens"] for _ in "ab"] == [0, 0]
    marked = body(system=[{**block, "cache_control": {"type": "ephemeral"}}], model="another-model")
    first, second = (anthropic(PATH, marked).json()["usage"] for _ in "ab")
    assert first["cache_creation_input_tokens"] >= 2000
    assert first["input_tokens"] < 1000
    assert second["cache_read_input_tokens"] == first["cache_creation_input_tokens"]


def test_an_output_schema_is_kept_to(anthropic: Send) -> None:
    wanted = {"format": {"type": "json_schema", "schema": SCHEMA}}
    jsonschema.validate(json.loads(anthropic(PATH, body(output_config=wanted)).json()["content"][0]["text"]), SCHEMA)


@pytest.mark.parametrize("name", ["model", "max_tokens", "messages"])
def test_a_missing_field_is_refused_in_anthropics_words(anthropic: Send, name: str) -> None:
    sent = {key: value for key, value in body().items() if key != name}
    reply = anthropic(PATH, sent)
    assert reply.status_code == 400
    assert reply.json()["type"] == "error"
    assert reply.json()["error"] == {"type": "invalid_request_error", "message": f"{name}: Field required"}


def test_keys_versions_and_models_are_checked(anthropic: Send) -> None:
    wrong = anthropic(PATH, body(), headers={"x-api-key": "wrong"})
    assert (wrong.status_code, wrong.json()["error"]["type"]) == (401, "authentication_error")
    assert anthropic(PATH, body(), headers={"x-api-key": "simulated"}).status_code == 400
    bearer = {"authorization": "Bearer simulated", "anthropic-version": "2026-10-21"}
    assert anthropic(PATH, body(), headers=bearer).status_code == 200
    unknown = anthropic("/picky/v1/messages", body())
    assert (unknown.status_code, unknown.json()["error"]["type"]) == (404, "not_found_error")
