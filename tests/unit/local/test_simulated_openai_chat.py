import json
from collections.abc import Callable
from typing import Any

import httpx
import jsonschema
import pytest

Send = Callable[..., httpx.Response]
PATH = "/openai/v1/chat/completions"
HELLO = [{"role": "user", "content": "Hello there"}]
SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
TOOL = {"type": "function", "function": {"name": "add", "parameters": SCHEMA}}


def body(**fields: Any) -> dict[str, Any]:
    return {"model": "gpt-6-luna", "messages": HELLO, **fields}


def read_events(reply: httpx.Response) -> list[dict[str, Any]]:
    lines = reply.text.split("\n\n")
    assert lines[-2:] == ["data: [DONE]", ""]
    return [json.loads(line.removeprefix("data: ")) for line in lines[:-2]]


def test_a_whole_answer_counts_its_own_tokens(openai: Send) -> None:
    reply = openai(PATH, body()).json()
    assert reply["object"] == "chat.completion"
    assert reply["model"] == "gpt-6-luna"
    assert "Hello there" in reply["choices"][0]["message"]["content"]
    assert reply["choices"][0]["finish_reason"] == "stop"
    usage = reply["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"] > 20


def test_a_streamed_answer_says_what_the_whole_one_says(openai: Send) -> None:
    whole = openai(PATH, body()).json()["choices"][0]["message"]["content"]
    events = read_events(openai(PATH, body(stream=True)))
    deltas = [event["choices"][0]["delta"] for event in events]
    assert deltas[0] == {"role": "assistant", "content": "", "refusal": None}
    assert "".join(delta.get("content", "") for delta in deltas) == whole
    assert [event["choices"][0]["finish_reason"] for event in events if event["choices"][0]["finish_reason"]] == [
        "stop"
    ]
    assert len({event["id"] for event in events}) == 1


def test_usage_is_streamed_only_when_asked_for(openai: Send) -> None:
    assert all("usage" not in event for event in read_events(openai(PATH, body(stream=True))))
    events = read_events(openai(PATH, body(stream=True, stream_options={"include_usage": True})))
    assert [event["usage"] for event in events[:-1]] == [None] * (len(events) - 1)
    assert events[-1]["choices"] == []
    assert events[-1]["usage"]["completion_tokens"] > 0


def test_mistral_reports_usage_unasked_and_refuses_to_be_asked(openai: Send) -> None:
    events = read_events(openai("/mistral/v1/chat/completions", body(stream=True)))
    assert events[-1]["usage"]["prompt_tokens"] > 0
    refused = openai("/mistral/v1/chat/completions", body(stream=True, stream_options={"include_usage": True}))
    assert refused.status_code == 422
    assert refused.json()["error"]["param"] == "stream_options"


def test_a_forced_tool_is_called_with_arguments_that_validate(openai: Send) -> None:
    choice = {"type": "function", "function": {"name": "add"}}
    message = openai(PATH, body(tools=[TOOL], tool_choice=choice)).json()["choices"][0]
    assert message["finish_reason"] == "tool_calls"
    jsonschema.validate(json.loads(message["message"]["tool_calls"][0]["function"]["arguments"]), SCHEMA)


def test_a_streamed_tool_call_comes_in_pieces_that_join(openai: Send) -> None:
    events = read_events(openai(PATH, body(tools=[TOOL], tool_choice="required", stream=True)))
    pieces = [call for event in events for call in event["choices"][0]["delta"].get("tool_calls", [])]
    assert pieces[0]["function"] == {"name": "add", "arguments": ""}
    assert all("id" not in piece for piece in pieces[1:])
    jsonschema.validate(json.loads("".join(piece["function"]["arguments"] for piece in pieces)), SCHEMA)


def test_a_json_schema_is_kept_to(openai: Send) -> None:
    wanted = {"type": "json_schema", "json_schema": {"name": "n", "schema": SCHEMA}}
    reply = openai(PATH, body(response_format=wanted)).json()
    jsonschema.validate(json.loads(reply["choices"][0]["message"]["content"]), SCHEMA)


def test_several_choices_are_numbered_and_all_counted(openai: Send) -> None:
    one, two = openai(PATH, body()).json(), openai(PATH, body(n=2)).json()
    assert [choice["index"] for choice in two["choices"]] == [0, 1]
    assert two["usage"]["completion_tokens"] == 2 * one["usage"]["completion_tokens"]
    streamed = read_events(openai(PATH, body(n=2, stream=True)))
    assert {event["choices"][0]["index"] for event in streamed} == {0, 1}


def test_log_probabilities_come_for_every_token_when_asked_for(openai: Send) -> None:
    choice = openai(PATH, body(logprobs=True)).json()["choices"][0]
    assert "".join(item["token"] for item in choice["logprobs"]["content"]) == choice["message"]["content"]


@pytest.mark.parametrize(
    ("provider", "field"), [("deepseek", "reasoning_content"), ("groq", "reasoning"), ("openai", None)]
)
def test_thoughts_are_counted_and_shown_where_the_provider_shows_them(
    openai: Send, provider: str, field: str | None
) -> None:
    reply = openai(f"/{provider}/chat/completions", body(reasoning_effort="low")).json()
    assert reply["usage"]["completion_tokens_details"]["reasoning_tokens"] > 0
    shown = {"reasoning", "reasoning_content"} & reply["choices"][0]["message"].keys()
    assert shown == ({field} if field else set())


@pytest.mark.parametrize(
    ("sent", "status", "param"),
    [
        ({"messages": HELLO}, 400, None),
        ({"model": "gpt-6-luna"}, 400, "messages"),
        ({"model": "gpt-6-luna", "messages": []}, 400, "messages"),
        ({"model": "gpt-6-luna", "messages": HELLO, "max_tokens": 9}, 400, "max_tokens"),
        ({"model": "m", "messages": HELLO, "tools": [{"type": "function"}]}, 400, None),
        ([], 400, None),
        (b"{not json", 400, None),
    ],
)
def test_what_is_missing_or_broken_is_refused_in_openais_words(
    openai: Send, sent: object, status: int, param: str | None
) -> None:
    reply = openai(PATH, sent)
    assert reply.status_code == status
    assert set(reply.json()["error"]) == {"message", "type", "param", "code"}
    assert reply.json()["error"]["param"] == param


def test_a_bad_key_and_an_unknown_model_are_refused(openai: Send) -> None:
    assert openai(PATH, body(), headers={"authorization": "Bearer wrong"}).json()["error"]["code"] == "invalid_api_key"
    unknown = openai("/picky/v1/chat/completions", body())
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "model_not_found")
    assert openai("/picky/v1/chat/completions", body(model="known-model")).status_code == 200


def test_a_keyless_provider_asks_for_no_key_but_refuses_a_wrong_one(openai: Send) -> None:
    path = "/ollama/v1/chat/completions"
    assert openai(path, body(), headers={"x-no": "key"}).status_code == 200
    assert openai(path, body(), headers={"authorization": "Bearer wrong"}).status_code == 401
    assert openai(PATH, body(), headers={"x-no": "key"}).status_code == 401


def test_a_schema_that_no_data_fit_is_refused(openai: Send) -> None:
    wanted = {"type": "json_schema", "json_schema": {"name": "n", "schema": {"not": True}}}
    assert openai(PATH, body(response_format=wanted)).status_code == 400


@pytest.mark.parametrize(
    "broken",
    [
        {"max_tokens": "five"},
        {"stop": 3},
        {"tools": [{"type": "function", "function": {"strict": True}}]},
        {"tool_choice": {"type": "function"}, "tools": [TOOL]},
        {"response_format": {"type": "json_schema", "json_schema": {"schema": {"type": 7}}}},
    ],
)
def test_fields_of_the_wrong_kind_are_refused_and_not_stumbled_over(openai: Send, broken: dict[str, Any]) -> None:
    assert openai("/groq/openai/v1/chat/completions", body(**broken)).status_code == 400
