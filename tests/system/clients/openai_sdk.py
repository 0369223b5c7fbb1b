"""What a user of OpenAI's Python SDK does with the endpoint; prints one JSON object of what came back.

Runs in an environment of its own, which has the SDK and nothing of ours: `python openai_sdk.py BASE_URL ALLOWED`,
where ALLOWED is a pattern of models such as `anthropic/*`.
"""

import json
import sys
from functools import partial
from typing import Any

import scenario
from openai import APIStatusError, OpenAI

TOOLS: Any = [
    {
        "type": "function",
        "function": {"name": "get_weather", "description": "Weather now.", "parameters": scenario.CITY_SCHEMA},
    }
]
FORMAT: Any = {"type": "json_schema", "json_schema": {"name": "city", "strict": True, "schema": scenario.CITY_SCHEMA}}


def main() -> None:
    client = OpenAI(base_url=scenario.base_url(), api_key="dev", max_retries=0)
    extra = {**scenario.only(sys.argv[2]), "routing": {}}
    scenarios = {
        "chat": chat,
        "stream": stream,
        "tools": call_tool_and_answer,
        "tools_streamed": stream_tool_call,
        "structured": ask_for_schema,
        "vision": show_image,
        "error": provoke_error,
        "models": list_models,
    }
    scenario.run({name: partial(act, client, extra) for name, act in scenarios.items()})


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
    asked = client.chat.completions.create(
        model="auto", messages=[user(scenario.QUESTION)], tools=TOOLS, extra_body=extra
    )
    call: Any = (asked.choices[0].message.tool_calls or [])[0]
    turn: Any = asked.choices[0].message.model_dump(exclude_none=True)
    result: Any = {"role": "tool", "tool_call_id": call.id, "content": scenario.RESULT}
    answered = client.chat.completions.create(
        model=asked.model, messages=[user(scenario.QUESTION), turn, result], tools=TOOLS
    )
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
        model="auto", messages=[user(scenario.QUESTION)], tools=TOOLS, stream=True, extra_body=extra
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
        {"type": "image_url", "image_url": {"url": scenario.png_url()}},
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


if __name__ == "__main__":
    main()
