"""What a user of OpenAI's Python SDK does with the Responses API: `python openai_responses.py BASE_URL ALLOWED`."""

import json
import sys
from typing import Any

import scenario
from openai import APIStatusError, OpenAI
from pydantic import BaseModel

TOOLS: Any = [
    {
        "type": "function",
        "name": "get_weather",
        "description": "Weather now.",
        "parameters": scenario.CITY_SCHEMA,
        "strict": True,
    }
]
CLIENT = OpenAI(base_url=scenario.base_url(), api_key="dev", max_retries=0)
EXTRA = scenario.only(sys.argv[2])


class City(BaseModel):
    city: str


def ask(given: Any, **fields: Any) -> Any:
    return CLIENT.responses.create(model="auto", input=given, store=False, extra_body=EXTRA, **fields)


def chat() -> Any:
    response = ask("Say hello", instructions="Be brief")
    return {"model": response.model, "text": response.output_text, "finish": response.status}


def stream() -> Any:
    pieces, numbers = list[str](), list[int]()
    with CLIENT.responses.stream(
        model="auto", input="Say hello", instructions="Be brief", store=False, extra_body=EXTRA
    ) as events:
        for event in events:
            numbers.append(event.sequence_number)
            if event.type == "response.output_text.delta":
                pieces.append(event.delta)
        response = events.get_final_response()
    usage = response.usage
    return {
        "text": "".join(pieces),
        "pieces": len(pieces),
        "finish": response.status,
        "usage": usage is not None and usage.total_tokens == usage.input_tokens + usage.output_tokens > 0,
        "same_text": response.output_text == "".join(pieces),
        "numbered": numbers == list(range(len(numbers))),
    }


def tools() -> Any:
    """The whole output goes back as it came, reasoning and all, as the SDK's guide has it."""
    asked = ask(scenario.QUESTION, tools=TOOLS, reasoning={"effort": "low"})
    (call,) = [item for item in asked.output if item.type == "function_call"]
    result = {"type": "function_call_output", "call_id": call.call_id, "output": scenario.RESULT}
    turns = [{"role": "user", "content": scenario.QUESTION}, *(item.to_dict() for item in asked.output), result]
    answered = ask(turns, tools=TOOLS)
    return {"name": call.name, "arguments": json.loads(call.arguments), "answer": answered.output_text}


def tools_streamed() -> Any:
    with CLIENT.responses.stream(
        model="auto", input=scenario.QUESTION, tools=TOOLS, store=False, extra_body=EXTRA
    ) as events:
        pieces = [event.delta for event in events if event.type == "response.function_call_arguments.delta"]
        response = events.get_final_response()
    (call,) = [item for item in response.output if item.type == "function_call"]
    return {"name": call.name, "arguments": json.loads("".join(pieces))}


def structured() -> Any:
    response: Any = CLIENT.responses.parse(
        model="auto", input="Which city?", text_format=City, store=False, extra_body=EXTRA
    )
    return response.output_parsed.model_dump()


def vision() -> Any:
    content = [
        {"type": "input_text", "text": "What is in this picture?"},
        {"type": "input_image", "image_url": scenario.png_url()},
    ]
    return ask([{"role": "user", "content": content}]).output_text


def error() -> Any:
    try:
        ask("And then?", previous_response_id="resp_1")
    except APIStatusError as refused:
        told: Any = refused
        return {"type": type(refused).__name__, "status": told.status_code, "message": told.param}
    return None


scenario.run(
    {
        "chat": chat,
        "stream": stream,
        "tools": tools,
        "tools_streamed": tools_streamed,
        "structured": structured,
        "vision": vision,
        "error": error,
    }
)
