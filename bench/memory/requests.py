"""The mix: text, streams read and left, tools, a picture, three wire families, embeddings, and mistakes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

CHAT, MESSAGES, RESPONSES, EMBEDDINGS = "/chat/completions", "/messages", "/responses", "/embeddings"
PIXEL: Final = "data:image/png;base64," + (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PARAMETERS: Final = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
TOOL: Final = {"type": "function", "function": {"name": "weather", "parameters": PARAMETERS}}


@dataclass(frozen=True, slots=True)
class Ask:
    """One request and the status that it must have; `leaves` after the first bytes of its answer."""

    path: str
    body: Mapping[str, Any]
    status: int = 200
    leaves: bool = False
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


def _say(content: Any, **more: Any) -> dict[str, Any]:
    return {"model": "auto", "max_tokens": 60, "messages": [{"role": "user", "content": content}], **more}


ASKS: Final = (
    Ask(CHAT, _say("Why is the sky blue?")),
    Ask(CHAT, _say("Write a sonnet about a lighthouse.", stream=True)),
    Ask(CHAT, _say("Tell a long story about a river.", stream=True), leaves=True),
    Ask(CHAT, _say("What is the weather in Zurich?", tools=[TOOL])),
    Ask(CHAT, _say("What is the weather in Oslo?", tools=[TOOL], stream=True)),
    Ask(CHAT, _say([{"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": {"url": PIXEL}}])),
    Ask(MESSAGES, _say("Summarise the plot of Hamlet.")),
    Ask(MESSAGES, _say("Summarise the plot of Macbeth.", stream=True)),
    Ask(RESPONSES, {"model": "auto", "input": "Solve 3x + 2 = 11.", "store": False}),
    Ask(EMBEDDINGS, {"model": "auto", "input": "a text to be placed"}),
    Ask(CHAT, _say("Hello", model="nobody/nothing"), status=400),
    Ask(CHAT, {"model": "auto", "messages": "not a list"}, status=400),
    Ask(CHAT, _say("Hello"), status=401, headers={"authorization": "Bearer wrong"}),
)
