"""A finished answer as OpenAI's chat.completion object with OpenRouter's additions. Knows no provider's words."""

import base64
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from pointsman.domain.json_types import JsonObject
from pointsman.domain.ledger import AuditRecord, Served
from pointsman.domain.reply import PROMPT_CLASSES, Choice, Reply
from pointsman.domain.request import MediaPart, ToolCall
from pointsman.entrypoints.wire.chat.body import ChatBody
from pointsman.entrypoints.wire.side_notes import logprob_entries, url_citation
from pointsman.entrypoints.wire.sound import join_sound
from pointsman.entrypoints.wire.telling import Telling


def encode_completion(body: ChatBody, telling: Telling, reply: Reply, record: AuditRecord) -> dict[str, Any]:
    choices = [hide_thoughts(choice) for choice in reply.choices] if telling.hides_reasoning else reply.choices
    asked_format = (body.audio or {}).get("format")
    return {
        "id": telling.subject.id,
        "object": "chat.completion",
        "created": int(telling.subject.created_at.timestamp()),
        "model": telling.model,
        "provider": telling.provider,
        "system_fingerprint": fingerprint(telling),
        "choices": [_encode_choice(choice, index, asked_format) for index, choice in enumerate(choices)],
        "usage": encode_usage(record.served) if record.served else None,
        **telling.extras(record),
    }


def fingerprint(telling: Telling) -> str:
    """OpenAI's word for the configuration behind an answer, which here is the registry that it was chosen from."""
    return f"registry-{telling.answer.decision.situation.registry.version}"


def encode_logprobs(pieces: Iterable[JsonObject]) -> dict[str, Any]:
    entries = [entry for piece in pieces for entry in logprob_entries(piece, no_bytes=None)]
    return {"content": entries, "refusal": []}


def encode_annotation(annotation: JsonObject) -> JsonObject:
    is_page = annotation.get("type") == "url_citation"
    return {**annotation, "url_citation": url_citation(annotation)} if is_page else annotation


def hide_thoughts(choice: Choice) -> Choice:
    return replace(choice, reasoning="", reasoning_details=())


def encode_usage(served: Served) -> dict[str, Any]:
    """Token counts that sum up, and the cost in US dollars as a number."""
    tokens, usage = served.usage.tokens, served.usage
    prompt_usd = sum(usd for kind, usd in served.cost.breakdown.items() if kind in PROMPT_CLASSES)
    return {
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "total_tokens": usage.prompt_tokens + usage.completion_tokens,
        "prompt_tokens_details": {
            "cached_tokens": tokens.get("cache_read", 0),
            "cache_write_tokens": tokens.get("cache_write", 0),
            "audio_tokens": tokens.get("audio_input", 0),
        },
        "completion_tokens_details": {
            "reasoning_tokens": tokens.get("reasoning", 0),
            "audio_tokens": tokens.get("audio_output", 0),
            "image_tokens": tokens.get("image_output", 0),
        },
        "cost": float(served.cost.total_usd),
        "is_byok": False,
        "cost_details": {
            "upstream_inference_prompt_cost": float(prompt_usd),
            "upstream_inference_completions_cost": float(served.cost.total_usd - prompt_usd),
        },
    }


def encode_tool_call(call: ToolCall) -> dict[str, Any]:
    # A call without arguments is one with an empty object: clients parse the text as JSON.
    function = {"name": call.name, "arguments": call.arguments or "{}"}
    return {"id": call.id, "type": "function", "function": function}


def encode_image(media: MediaPart) -> dict[str, Any]:
    url = media.url or f"data:{media.mime_type};base64,{media.base64_data}"
    return {"type": "image_url", "image_url": {"url": url}}


def _encode_choice(choice: Choice, index: int, asked_format: str | None) -> dict[str, Any]:
    return {
        "index": index,
        "logprobs": encode_logprobs(choice.logprobs) if choice.logprobs else None,
        "finish_reason": choice.finish_reason,
        "native_finish_reason": choice.native_finish_reason,
        "message": _encode_message(choice, asked_format),
    }


def _encode_content(choice: Choice, sound: list[MediaPart]) -> str | None:
    """What is spoken stands beside its sound, as its transcript."""
    if sound:
        return None
    return choice.text or (None if choice.tool_calls or choice.refusal else "")


def encode_audio(sound: list[MediaPart], *, transcript: str, asked_format: str | None) -> dict[str, Any]:
    whole = join_sound(sound, asked_format=asked_format)
    # Nothing of it is kept, so there is nothing to refer to later.
    return {"id": "", "expires_at": 0, "data": base64.b64encode(whole.content).decode(), "transcript": transcript}


def _encode_message(choice: Choice, asked_format: str | None) -> dict[str, Any]:
    sound = [media for media in choice.media if media.kind == "audio"]
    message: dict[str, Any] = {
        "role": "assistant",
        "content": _encode_content(choice, sound),
        "refusal": choice.refusal or None,
    }
    optional = {
        "reasoning": choice.reasoning,
        "reasoning_details": list(choice.reasoning_details),
        "tool_calls": [encode_tool_call(call) for call in choice.tool_calls],
        "images": [encode_image(media) for media in choice.media if media.kind == "image"],
        "audio": encode_audio(sound, transcript=choice.text, asked_format=asked_format) if sound else None,
        "annotations": [encode_annotation(annotation) for annotation in choice.annotations],
    }
    return message | {name: value for name, value in optional.items() if value}
