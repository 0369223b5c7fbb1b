"""What a user of OpenAI's Python SDK does with the endpoint; prints one JSON object of what came back.

Runs in an environment of its own, which has the SDK and nothing of ours: `python openai_sdk.py BASE_URL ALLOWED`,
where ALLOWED is a pattern of models such as `anthropic/*`.
"""

import base64
import json
import struct
import sys
import zlib
from typing import Any

from openai import APIStatusError, OpenAI

QUESTION = "What is the weather in Paris? Use get_weather."
CITY_SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
TOOLS: Any = [
    {"type": "function", "function": {"name": "get_weather", "description": "Weather now.", "parameters": CITY_SCHEMA}}
]
FORMAT: Any = {"type": "json_schema", "json_schema": {"name": "city", "strict": True, "schema": CITY_SCHEMA}}


def main() -> None:
    client = OpenAI(base_url=sys.argv[1], api_key="dev", max_retries=0)
    extra = {"plugins": [{"id": "auto-router", "allowed_models": [sys.argv[2]]}], "routing": {}}
    scenarios = {
        "chat": chat,
        "stream": stream,
        "tools": call_tool_and_answer,
        "tools_streamed": stream_tool_call,
        "json_schema": ask_for_schema,
        "image": show_image,
        "error": provoke_error,
        "models": list_models,
    }
    print(json.dumps({name: scenario(client, extra) for name, scenario in scenarios.items()}))


def chat(client: OpenAI, extra: Any) -> Any:
    reply = client.chat.completions.create(model="auto", messages=[user("Say hello")], extra_body=extra)
    assert reply.usage is not None
    return {
        "model": reply.model,
        "finish_reason": reply.choices[0].finish_reason,
        "total_adds_up": reply.usage.total_tokens == reply.usage.prompt_tokens + reply.usage.completion_tokens,
        "text": reply.choices[0].message.content,
    }


def stream(client: OpenAI, extra: Any) -> Any:
    chunks = list(
        client.chat.completions.create(model="auto", messages=[user("Say hello")], stream=True, extra_body=extra)
    )
    choices = [choice for chunk in chunks for choice in chunk.choices]
    return {
        "models": sorted({chunk.model for chunk in chunks}),
        "ids": len({chunk.id for chunk in chunks}),
        "roles": sum(choice.delta.role is not None for choice in choices),
        "finish_reasons": [choice.finish_reason for choice in choices if choice.finish_reason],
        "usages": sum(chunk.usage is not None for chunk in chunks),
        "usage_is_last": chunks[-1].usage is not None and not chunks[-1].choices,
        "text": "".join(choice.delta.content or "" for choice in choices),
    }


def call_tool_and_answer(client: OpenAI, extra: Any) -> Any:
    asked = client.chat.completions.create(model="auto", messages=[user(QUESTION)], tools=TOOLS, extra_body=extra)
    call: Any = (asked.choices[0].message.tool_calls or [])[0]
    turn: Any = asked.choices[0].message.model_dump(exclude_none=True)
    result: Any = {"role": "tool", "tool_call_id": call.id, "content": "18 degrees"}
    answered = client.chat.completions.create(model=asked.model, messages=[user(QUESTION), turn, result], tools=TOOLS)
    return {
        "finish_reason": asked.choices[0].finish_reason,
        "name": call.function.name,
        "arguments": json.loads(call.function.arguments),
        "same_model_answered": answered.model == asked.model,
        "text": answered.choices[0].message.content,
    }


def stream_tool_call(client: OpenAI, extra: Any) -> Any:
    names, arguments = list[str](), ""
    for chunk in client.chat.completions.create(
        model="auto", messages=[user(QUESTION)], tools=TOOLS, stream=True, extra_body=extra
    ):
        for piece in [call for choice in chunk.choices for call in choice.delta.tool_calls or ()]:
            assert piece.function is not None
            names += [piece.function.name] if piece.function.name else []
            arguments += piece.function.arguments or ""
    return {"names": names, "arguments": json.loads(arguments)}


def ask_for_schema(client: OpenAI, extra: Any) -> Any:
    reply = client.chat.completions.create(
        model="auto", messages=[user("Which city?")], response_format=FORMAT, extra_body=extra
    )
    return json.loads(reply.choices[0].message.content or "")


def show_image(client: OpenAI, extra: Any) -> Any:
    parts: Any = [
        {"type": "text", "text": "What is in this picture?"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64," + base64.b64encode(red_png()).decode()}},
    ]
    reply: Any = client.chat.completions.create(
        model="auto", messages=[{"role": "user", "content": parts}], extra_body=extra
    )
    return {"task": reply.routing["task"], "text": reply.choices[0].message.content}


def provoke_error(client: OpenAI, extra: Any) -> Any:
    broken: Any = [
        {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,@"}}]}
    ]
    try:
        client.chat.completions.create(model="auto", messages=broken, extra_body=extra)
    except APIStatusError as error:
        told: Any = error
        return {"type": type(error).__name__, "status": told.status_code, "param": told.param}
    return None


def list_models(client: OpenAI, _extra: Any) -> Any:
    return [model.id for model in client.models.list()]


def user(text: str) -> Any:
    return {"role": "user", "content": text}


def red_png(width: int = 64, height: int = 32) -> bytes:
    rows = b"".join(b"\0" + b"\xff\0\0" * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


if __name__ == "__main__":
    main()
