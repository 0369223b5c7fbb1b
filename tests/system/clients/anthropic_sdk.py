"""What a user of Anthropic's Python SDK does with the endpoint.

`python anthropic_sdk.py BASE_URL ALLOWED VERSION`: the older version of the API goes with its own header for the key.
"""

import json
import sys
from typing import Any

import scenario
from anthropic import Anthropic, APIStatusError, omit

FIRST = "2023-06-01"
TOOLS: Any = [{"name": "get_weather", "description": "Weather now.", "input_schema": scenario.CITY_SCHEMA}]
ALLOWED, VERSION = sys.argv[2:4]
OLD_HEADERS: Any = {"anthropic-version": FIRST, "x-api-key": "dev", "Authorization": omit}
CLIENT = Anthropic(
    base_url=scenario.base_url(),
    api_key="dev",
    max_retries=0,
    default_headers=OLD_HEADERS if VERSION == FIRST else {},
)
EXTRA = scenario.only(ALLOWED)


def ask(content: Any, **fields: Any) -> Any:
    messages = content if isinstance(content, list) and "role" in content[0] else [user(content)]
    return CLIENT.messages.create(model="auto", max_tokens=2000, messages=messages, extra_body=EXTRA, **fields)


def user(content: Any) -> Any:
    return {"role": "user", "content": content}


def chat() -> Any:
    message = ask("Say hello", system="Be brief")
    return {"model": message.model, "text": message.content[0].text, "finish": message.stop_reason}


def stream() -> Any:
    with CLIENT.messages.stream(
        model="auto", max_tokens=2000, messages=[user("Say hello")], system="Be brief", extra_body=EXTRA
    ) as events:
        pieces = list(events.text_stream)
        message = events.get_final_message()
    return {
        "text": "".join(pieces),
        "pieces": len(pieces),
        "finish": message.stop_reason,
        "usage": message.usage.input_tokens > 0 and message.usage.output_tokens > 0,
    }


def tools() -> Any:
    asked = ask(scenario.QUESTION, tools=TOOLS, thinking={"type": "adaptive"})
    (call,) = [block for block in asked.content if block.type == "tool_use"]
    result = {"type": "tool_result", "tool_use_id": call.id, "content": scenario.RESULT}
    turns = [user(scenario.QUESTION), {"role": "assistant", "content": asked.content}, user([result])]
    answered = ask(turns, tools=TOOLS)
    return {
        "name": call.name,
        "arguments": call.input,
        "finish": asked.stop_reason,
        "answer": answered.content[-1].text,
        "thought": asked.content[0].type,
    }


def tools_streamed() -> Any:
    with CLIENT.messages.stream(
        model="auto", max_tokens=2000, messages=[user(scenario.QUESTION)], tools=TOOLS, extra_body=EXTRA
    ) as events:
        message = events.get_final_message()
    (call,) = [block for block in message.content if block.type == "tool_use"]
    return {"name": call.name, "arguments": call.input}


def structured() -> Any:
    message = ask("Which city?", output_config={"format": {"type": "json_schema", "schema": scenario.CITY_SCHEMA}})
    return json.loads(message.content[-1].text)


def vision() -> Any:
    source = {"type": "base64", "media_type": "image/png", "data": scenario.png_base64()}
    message = ask([{"type": "text", "text": "What is in this picture?"}, {"type": "image", "source": source}])
    return message.content[-1].text


def error() -> Any:
    source = {"type": "base64", "media_type": "image/png", "data": scenario.BROKEN_PNG}
    try:
        ask([{"type": "image", "source": source}])
    except APIStatusError as refused:
        body: Any = refused.body
        told = refused.request_id == body["request_id"] and body["error"]["message"]
        return {"type": type(refused).__name__, "status": refused.status_code, "message": told}
    return None


def models() -> Any:
    listed = list(CLIENT.models.list(limit=20))
    return {"count": len(listed), "same": CLIENT.models.retrieve(listed[-1].id).id == listed[-1].id}


def count() -> Any:
    return CLIENT.messages.count_tokens(model="auto", messages=[user("Say hello")]).input_tokens


scenario.run(
    {
        "chat": chat,
        "stream": stream,
        "tools": tools,
        "tools_streamed": tools_streamed,
        "structured": structured,
        "vision": vision,
        "error": error,
        "models": models,
        "count": count,
    }
)
