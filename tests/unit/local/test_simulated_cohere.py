import json
from collections.abc import Callable
from typing import Any

import httpx
import jsonschema
import pytest

Send = Callable[..., httpx.Response]
PATH = "/cohere/v2/chat"
SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
TOOL = {"type": "function", "function": {"name": "add", "parameters": SCHEMA}}


def body(**fields: Any) -> dict[str, Any]:
    return {"model": "command-a-03-2025", "messages": [{"role": "user", "content": "Hello there"}], **fields}


def read_events(reply: httpx.Response) -> list[dict[str, Any]]:
    data = [line.removeprefix("data: ") for line in reply.text.splitlines() if line.startswith("data: ")]
    assert data[-1] == "[DONE]"
    return [json.loads(line) for line in data[:-1]]


def test_a_whole_answer_is_a_message_with_a_template_that_is_not_billed(cohere: Send) -> None:
    reply = cohere(PATH, body()).json()
    assert "Hello there" in reply["message"]["content"][0]["text"]
    assert reply["finish_reason"] == "COMPLETE"
    usage = reply["usage"]
    assert usage["tokens"]["input_tokens"] > usage["billed_units"]["input_tokens"]


def test_a_stream_adds_up_to_the_whole_answer(cohere: Send) -> None:
    events = read_events(cohere(PATH, body(stream=True)))
    texts = [event["delta"]["message"]["content"]["text"] for event in events if event["type"] == "content-delta"]
    assert "".join(texts) == cohere(PATH, body()).json()["message"]["content"][0]["text"]
    assert [event["type"] for event in events[-2:]] == ["content-end", "message-end"]


def test_a_forced_tool_is_planned_and_called_in_pieces(cohere: Send) -> None:
    forced = body(tools=[TOOL], tool_choice="REQUIRED")
    whole = cohere(PATH, forced).json()
    assert (whole["finish_reason"], bool(whole["message"]["tool_plan"])) == ("TOOL_CALL", True)
    jsonschema.validate(json.loads(whole["message"]["tool_calls"][0]["function"]["arguments"]), SCHEMA)
    events = read_events(cohere(PATH, {**forced, "stream": True}))
    pieces = [e["delta"]["message"]["tool_calls"]["function"] for e in events if e["type"] == "tool-call-delta"]
    assert "".join(piece["arguments"] for piece in pieces) == whole["message"]["tool_calls"][0]["function"]["arguments"]


def test_thoughts_come_first_and_are_counted(cohere: Send) -> None:
    reply = cohere(PATH, body(thinking={"type": "enabled", "token_budget": 100})).json()
    assert [part["type"] for part in reply["message"]["content"]] == ["thinking", "text"]
    assert reply["usage"]["tokens"]["reasoning_tokens"] > 0


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"messages": []}, 400),
        ({"top_p": 0.5}, 422),
        ({"tools": [TOOL], "response_format": {"type": "json_object"}}, 400),
    ],
)
def test_refusals_are_in_cohere_s_words(cohere: Send, fields: dict[str, Any], status: int) -> None:
    reply = cohere(PATH, body(**fields))
    assert (reply.status_code, sorted(reply.json())) == (status, ["id", "message"])
