"""What a user of Pydantic AI does with the endpoint: `python pydantic_ai_client.py BASE_URL ALLOWED PROVIDER`."""

import asyncio
import sys
from typing import Any

import scenario
from openai import AsyncOpenAI
from pydantic import BaseModel
from pydantic_ai import Agent, BinaryContent, ModelHTTPError
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.models.openrouter import OpenRouterModel
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.providers.openrouter import OpenRouterProvider

CLIENT = AsyncOpenAI(base_url=scenario.base_url(), api_key="dev", max_retries=0)
MODELS: dict[str, Any] = {
    "openai": lambda: OpenAIChatModel("auto", provider=OpenAIProvider(openai_client=CLIENT)),
    "openrouter": lambda: OpenRouterModel("pointsman/auto", provider=OpenRouterProvider(openai_client=CLIENT)),
}
MODEL = MODELS[sys.argv[3]]()
SETTINGS: Any = {"extra_body": scenario.only(sys.argv[2])}


class City(BaseModel):
    city: str


async def chat() -> Any:
    result = await Agent(MODEL).run("Say hello", model_settings=SETTINGS)
    return {"text": result.output}


async def stream() -> Any:
    async with Agent(MODEL).run_stream("Say hello", model_settings=SETTINGS) as result:
        pieces = [piece async for piece in result.stream_text(delta=True, debounce_by=None)]
        counted = result.usage
    return {"text": "".join(pieces), "pieces": len(pieces), "usage": counted.output_tokens > 0}


async def tools() -> Any:
    called: list[Any] = []
    agent = Agent(MODEL)

    @agent.tool_plain
    def get_weather(city: str) -> str:
        """Weather now."""
        called.append({"city": city})
        return scenario.RESULT

    result = await agent.run(scenario.QUESTION, model_settings=SETTINGS)
    return {"name": "get_weather", "arguments": called[0], "answer": result.output}


async def structured() -> Any:
    """By a tool that the model is forced to call."""
    result = await Agent(MODEL, output_type=City).run("Which city?", model_settings=SETTINGS)
    return result.output.model_dump()


async def vision() -> Any:
    picture = BinaryContent(scenario.red_png(), media_type="image/png")
    return (await Agent(MODEL).run(["What is in this picture?", picture], model_settings=SETTINGS)).output


async def error() -> Any:
    try:
        await Agent(MODEL).run("Hello", model_settings={**SETTINGS, "max_tokens": 0})
    except ModelHTTPError as refused:
        return {"status": refused.status_code, "message": str(refused.body)}
    return None


async def all_of_it() -> None:
    acts = {"chat": chat, "stream": stream, "tools": tools, "structured": structured, "vision": vision, "error": error}
    told = {name: await act() for name, act in acts.items()}
    scenario.run({name: lambda said=said: said for name, said in told.items()})


asyncio.run(all_of_it())
