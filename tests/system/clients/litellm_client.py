"""What a user of LiteLLM's SDK does with the endpoint: `python litellm_client.py BASE_URL ALLOWED`."""

import json
import os
import sys
from typing import Any

# It would fetch its price map from the net.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import litellm
import scenario

TOOLS: Any = [
    {
        "type": "function",
        "function": {"name": "get_weather", "description": "Weather now.", "parameters": scenario.CITY_SCHEMA},
    }
]


def ask(messages: Any, **fields: Any) -> Any:
    return litellm.completion(
        model="openai/auto",
        messages=messages,
        api_base=scenario.base_url(),
        api_key="dev",
        max_retries=0,
        extra_body=scenario.only(sys.argv[2]),
        **fields,
    )


def user(content: Any) -> Any:
    return {"role": "user", "content": content}


def chat() -> Any:
    reply = ask([user("Say hello")])
    return {"text": reply.choices[0].message.content}


def stream() -> Any:
    chunks = list(ask([user("Say hello")], stream=True, stream_options={"include_usage": True}))
    texts = [piece for chunk in chunks for choice in chunk.choices if (piece := choice.delta.content)]
    usage = [chunk.usage for chunk in chunks if getattr(chunk, "usage", None)]
    return {"text": "".join(texts), "pieces": len(texts), "usage": bool(usage) and usage[-1].total_tokens > 0}


def tools() -> Any:
    asked = ask([user(scenario.QUESTION)], tools=TOOLS)
    message = asked.choices[0].message
    (call,) = message.tool_calls
    result = {"role": "tool", "tool_call_id": call.id, "content": scenario.RESULT}
    answered = ask([user(scenario.QUESTION), message.model_dump(exclude_none=True), result], tools=TOOLS)
    return {
        "name": call.function.name,
        "arguments": json.loads(call.function.arguments),
        "answer": answered.choices[0].message.content,
    }


def structured() -> Any:
    format_ = {"type": "json_schema", "json_schema": {"name": "city", "strict": True, "schema": scenario.CITY_SCHEMA}}
    return json.loads(ask([user("Which city?")], response_format=format_).choices[0].message.content)


def vision() -> Any:
    picture = {"type": "image_url", "image_url": {"url": scenario.png_url()}}
    return ask([user([{"type": "text", "text": "What is in this picture?"}, picture])]).choices[0].message.content


def error() -> Any:
    try:
        ask([user("Hello")], max_tokens=0)
    except litellm.BadRequestError as refused:
        return {"status": refused.status_code, "message": str(refused)}
    return None


scenario.run(
    {"chat": chat, "stream": stream, "tools": tools, "structured": structured, "vision": vision, "error": error}
)
