"""Requests that between them ask for everything a dialect has to put into words. Names are those that fixtures use."""

from collections.abc import Mapping

from pointsman.domain.request import (
    ChatRequest,
    MediaPart,
    Message,
    Reasoning,
    ResponseFormat,
    TextPart,
    Tool,
    ToolCall,
    ToolChoice,
)

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
PDF = "JVBERi0xLjQKJSVFT0YK"
WAV = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA="
WEATHER = Tool(
    "get_weather",
    "Current weather of a city",
    {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
)
CITY_SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
# The same thought as three providers write it: each dialect takes what is its own.
THOUGHTS = (
    {"type": "reasoning.text", "text": "I need ", "format": "anthropic-claude-v1", "index": 0},
    {"type": "reasoning.text", "text": "the weather.", "format": "anthropic-claude-v1", "index": 0},
    {"type": "reasoning.text", "signature": "c2lnbmVk", "format": "anthropic-claude-v1", "index": 0},
    {
        "type": "reasoning.encrypted",
        "data": "Z29vZ2xl",
        "id": "call_paris",
        "format": "google-gemini-v1",
        "index": 1,
    },
)


def _say(text: str) -> Message:
    return Message("user", (TextPart(text),))


def _result(tool_call_id: str, text: str) -> Message:
    return Message("tool", (TextPart(text),), tool_call_id=tool_call_id)


def _conversation_with_tools(thoughts: tuple[Mapping[str, object], ...] = ()) -> tuple[Message, ...]:
    calls = (
        ToolCall("call_paris", "get_weather", '{"city": "Paris"}'),
        ToolCall("call_rome", "get_weather", '{"city": "Rome"}'),
    )
    return (
        _say("Is it warmer in Paris or in Rome?"),
        Message("assistant", tool_calls=calls, reasoning_details=thoughts),
        _result("call_paris", "18 degrees"),
        _result("call_rome", "24 degrees"),
    )


REQUESTS: Mapping[str, ChatRequest] = {
    "question": ChatRequest(
        (Message("developer", (TextPart("Answer in one word."),)), _say("What is the capital of France?")),
        max_output_tokens=64,
        parameters={"temperature": 0.2, "seed": 7, "stop": ["\n\n"]},
    ),
    "tools": ChatRequest(
        _conversation_with_tools(), tools=(WEATHER,), tool_choice=ToolChoice("auto"), parallel_tool_calls=True
    ),
    "forced_tool": ChatRequest(
        (_say("What is the weather in Paris?"),), tools=(WEATHER,), tool_choice=ToolChoice("named", "get_weather")
    ),
    "thoughtful": ChatRequest(
        _conversation_with_tools(THOUGHTS), tools=(WEATHER,), reasoning=Reasoning("low"), max_output_tokens=4096
    ),
    "structured": ChatRequest(
        (_say("Name a city."),), response_format=ResponseFormat("json_schema", "city", CITY_SCHEMA, strict=True)
    ),
    "pictures": ChatRequest(
        (
            Message(
                "user",
                (
                    TextPart("What differs?"),
                    MediaPart("image", "image/png", base64_data=PNG),
                    MediaPart("image", "image/*", url="https://example.com/cat.png", detail="low"),
                ),
            ),
        )
    ),
    "document": ChatRequest(
        (
            Message(
                "user",
                (
                    MediaPart("file", "application/pdf", base64_data=PDF, filename="report.pdf"),
                    TextPart("Summarise.", cache_control={"type": "ephemeral"}),
                ),
            ),
        )
    ),
    "picture": ChatRequest(
        (_say("a lighthouse at dusk"),), kind="image_generation", parameters={"n": 1, "size": "1024x1024"}
    ),
    "edit": ChatRequest(
        (Message("user", (TextPart("make it green"), MediaPart("image", "image/png", base64_data=PNG))),),
        kind="image_generation",
    ),
    "speech": ChatRequest(
        (_say("Good morning."),), kind="speech", parameters={"voice": "alloy", "response_format": "wav"}
    ),
    "transcript": ChatRequest(
        (Message("user", (MediaPart("audio", "audio/wav", base64_data=WAV, filename="talk.wav"),)),),
        kind="transcription",
        parameters={"language": "en", "response_format": "verbose_json"},
    ),
    "film": ChatRequest((_say("a calm wave"),), kind="video_generation", parameters={"seconds": 8, "size": "1280x720"}),
    "vectors": ChatRequest(
        (Message("user", (TextPart("good morning"), TextPart("good night"))),),
        kind="embeddings",
        parameters={"dimensions": 256},
    ),
    "sound": ChatRequest(
        (Message("user", (TextPart("What is said?"), MediaPart("audio", "audio/wav", base64_data=WAV))),)
    ),
}
