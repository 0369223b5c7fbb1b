import json
from collections.abc import Callable
from typing import Any

import httpx
import jsonschema

Send = Callable[..., httpx.Response]
WHOLE = "/gemini/v1beta/models/gemini-3.8-flash:generateContent"
STREAM = "/gemini/v1beta/models/gemini-3.8-flash:streamGenerateContent?alt=sse"
SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}


def body(**fields: Any) -> dict[str, Any]:
    return {"contents": [{"role": "user", "parts": [{"text": "Hello there"}]}], **fields}


def read_events(reply: httpx.Response) -> list[dict[str, Any]]:
    assert "\r\n\r\n" in reply.text
    return [json.loads(line.removeprefix("data: ")) for line in reply.text.split("\r\n\r\n") if line]


def text_of(response: dict[str, Any]) -> str:
    return "".join(part.get("text", "") for part in response["candidates"][0]["content"]["parts"])


def test_a_whole_answer_is_a_candidate_with_parts(gemini: Send) -> None:
    reply = gemini(WHOLE, body()).json()
    assert "Hello there" in text_of(reply)
    assert reply["candidates"][0]["finishReason"] == "STOP"
    usage = reply["usageMetadata"]
    assert usage["totalTokenCount"] == usage["promptTokenCount"] + usage["candidatesTokenCount"]
    assert reply["modelVersion"] == "gemini-3.8-flash"


def test_a_stream_adds_up_to_the_whole_answer_and_just_ends(gemini: Send) -> None:
    events = read_events(gemini(STREAM, body()))
    assert "".join(text_of(event) for event in events) == text_of(gemini(WHOLE, body()).json())
    assert ["finishReason" in event["candidates"][0] for event in events].count(True) == 1
    counts = [event["usageMetadata"]["candidatesTokenCount"] for event in events]
    assert counts == sorted(counts)
    assert counts[-1] == gemini(WHOLE, body()).json()["usageMetadata"]["candidatesTokenCount"]


def test_a_forced_function_is_called_whole(gemini: Send) -> None:
    declared = [{"functionDeclarations": [{"name": "add", "parametersJsonSchema": SCHEMA}, {"name": "other"}]}]
    forced = {"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["add"]}}
    reply = gemini(WHOLE, body(tools=declared, toolConfig=forced)).json()["candidates"][0]
    assert reply["finishReason"] == "STOP"
    assert reply["content"]["parts"][0]["functionCall"]["name"] == "add"
    jsonschema.validate(reply["content"]["parts"][0]["functionCall"]["args"], SCHEMA)


def test_schemas_in_googles_own_notation_are_kept_to(gemini: Send) -> None:
    wanted = {"type": "OBJECT", "properties": {"type": {"type": "STRING"}}, "required": ["type"]}
    config = {"responseMimeType": "application/json", "responseSchema": wanted}
    assert isinstance(json.loads(text_of(gemini(WHOLE, body(generationConfig=config)).json()))["type"], str)


def test_thoughts_are_counted_apart_and_shown_only_when_asked_for(gemini: Send) -> None:
    hidden = gemini(WHOLE, body(generationConfig={"thinkingConfig": {"thinkingLevel": "LOW"}})).json()
    usage = hidden["usageMetadata"]
    assert usage["thoughtsTokenCount"] > 0
    assert usage["totalTokenCount"] == sum(
        usage[key] for key in ("promptTokenCount", "candidatesTokenCount", "thoughtsTokenCount")
    )
    assert not any(part.get("thought") for part in hidden["candidates"][0]["content"]["parts"])
    shown = gemini(WHOLE, body(generationConfig={"thinkingConfig": {"includeThoughts": True}})).json()
    assert shown["candidates"][0]["content"]["parts"][0]["thought"] is True


def test_the_limit_on_tokens_is_kept(gemini: Send) -> None:
    reply = gemini(WHOLE, body(generationConfig={"maxOutputTokens": 3})).json()
    assert reply["candidates"][0]["finishReason"] == "MAX_TOKENS"
    assert reply["usageMetadata"]["candidatesTokenCount"] == 3


def test_media_are_acknowledged(gemini: Send) -> None:
    parts = [{"text": "What is this?"}, {"inlineData": {"mimeType": "image/png", "data": "aGk="}}]
    assert "image/png" in text_of(gemini(WHOLE, {"contents": [{"role": "user", "parts": parts}]}).json())


def test_refusals_are_in_googles_words(gemini: Send) -> None:
    missing = gemini(WHOLE, {}).json()["error"]
    assert (missing["code"], missing["status"]) == (400, "INVALID_ARGUMENT")
    bad_key = gemini(WHOLE, body(), headers={"x-goog-api-key": "wrong"}).json()["error"]
    assert bad_key["details"][0]["reason"] == "API_KEY_INVALID"
    unknown = gemini("/picky/v1beta/models/nobody:generateContent", body())
    assert (unknown.status_code, unknown.json()["error"]["status"]) == (404, "NOT_FOUND")
    assert gemini(STREAM.partition("?")[0], body()).status_code == 400
