"""What a user of Instructor does, in each of its ways: `python instructor_client.py BASE_URL ALLOWED`."""

import sys
from typing import Any

import instructor
import scenario
from instructor.core import InstructorRetryException
from openai import OpenAI
from pydantic import BaseModel

CLIENT = OpenAI(base_url=scenario.base_url(), api_key="dev", max_retries=0)
EXTRA = scenario.only(sys.argv[2])


class City(BaseModel):
    city: str


def ask(mode: Any, content: Any, **fields: Any) -> Any:
    client = instructor.from_openai(CLIENT, mode=mode)
    messages: Any = [{"role": "user", "content": content}]
    return client.create(
        model="auto", messages=messages, response_model=City, extra_body=EXTRA, max_retries=0, **fields
    )


def chat() -> Any:
    """Without a form to fill, the SDK's own answer."""
    client = instructor.from_openai(CLIENT)
    messages: Any = [{"role": "user", "content": "Say hello"}]
    reply = client.create(model="auto", messages=messages, response_model=None, extra_body=EXTRA)
    return {"text": reply.choices[0].message.content}


def by_forced_tool() -> Any:
    return ask(instructor.Mode.TOOLS, "Which city?").model_dump()


def by_schema() -> Any:
    return ask(instructor.Mode.JSON_SCHEMA, "Which city?").model_dump()


def streamed() -> Any:
    client = instructor.from_openai(CLIENT, mode=instructor.Mode.TOOLS)
    messages: Any = [{"role": "user", "content": "Which city?"}]
    parts = list(client.create_partial(model="auto", messages=messages, response_model=City, extra_body=EXTRA))
    return parts[-1].model_dump()


def vision() -> Any:
    picture = {"type": "image_url", "image_url": {"url": scenario.png_url()}}
    content = [{"type": "text", "text": "Which city is in this picture?"}, picture]
    return ask(instructor.Mode.TOOLS, content).model_dump()


def error() -> Any:
    try:
        ask(instructor.Mode.TOOLS, "Hello", max_tokens=0)
    except InstructorRetryException as refused:
        return {"message": str(refused)}
    return None


scenario.run(
    {
        "chat": chat,
        "tools": by_forced_tool,
        "structured": by_schema,
        "stream": streamed,
        "vision": vision,
        "error": error,
    }
)
