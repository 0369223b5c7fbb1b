"""What a user of LangChain's ChatOpenAI does with the endpoint: `python langchain_client.py BASE_URL ALLOWED`."""

import sys
from typing import Any

import scenario
from langchain_core.messages import HumanMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from openai import APIStatusError
from pydantic import BaseModel, SecretStr

MODEL = ChatOpenAI(
    base_url=scenario.base_url(),
    api_key=SecretStr("dev"),
    model="auto",
    max_retries=0,
    stream_usage=True,
    extra_body=scenario.only(sys.argv[2]),
)


@tool
def get_weather(city: str) -> str:
    """Weather now."""
    return f"{scenario.RESULT} in {city}"


class City(BaseModel):
    """A city."""

    city: str


def chat() -> Any:
    return {"text": MODEL.invoke("Say hello").text}


def stream() -> Any:
    chunks = list(MODEL.stream("Say hello"))
    texts = [str(chunk.text) for chunk in chunks if chunk.text]
    usage = [chunk.usage_metadata for chunk in chunks if chunk.usage_metadata]
    return {"text": "".join(texts), "pieces": len(texts), "usage": len(usage) == 1}


def tools() -> Any:
    model = MODEL.bind_tools([get_weather])
    asked: Any = model.invoke(scenario.QUESTION)
    (call,) = asked.tool_calls
    result = ToolMessage(get_weather.invoke(call["args"]), tool_call_id=call["id"])
    answered = model.invoke([HumanMessage(scenario.QUESTION), asked, result])
    return {"name": call["name"], "arguments": call["args"], "answer": answered.text}


def structured() -> Any:
    city: Any = MODEL.with_structured_output(City).invoke("Which city?")
    return city.model_dump()


def vision() -> Any:
    parts: Any = [
        {"type": "text", "text": "What is in this picture?"},
        {"type": "image", "base64": scenario.png_base64(), "mime_type": "image/png"},
    ]
    return MODEL.invoke([HumanMessage(parts)]).text


def error() -> Any:
    try:
        MODEL.invoke("Hello", max_tokens=0)
    except APIStatusError as refused:
        return {"status": refused.status_code, "message": str(refused)}
    return None


scenario.run(
    {"chat": chat, "stream": stream, "tools": tools, "structured": structured, "vision": vision, "error": error}
)
