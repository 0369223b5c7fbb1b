"""The items of a response's output, whole. Each has an id made of the response's and its place."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal

from pointsman.domain.json_types import JsonObject
from pointsman.domain.request import MediaPart
from pointsman.entrypoints.wire.carrier import pack
from pointsman.entrypoints.wire.side_notes import logprob_entries, url_citation

Status = Literal["in_progress", "completed", "incomplete"]
PREFIXES: Final[Mapping[str, str]] = {
    "message": "msg",
    "reasoning": "rs",
    "function_call": "fc",
    "image_generation_call": "ig",
}


def item_id(kind: str, response_id: str, place: int) -> str:
    return f"{PREFIXES[kind]}_{response_id}_{place}"


def encode_message_item(identity: str, content: Sequence[JsonObject], status: Status = "completed") -> JsonObject:
    return {"id": identity, "type": "message", "role": "assistant", "status": status, "content": list(content)}


def encode_text(text: str, annotations: Iterable[JsonObject] = (), logprobs: Iterable[Any] = ()) -> JsonObject:
    return {
        "type": "output_text",
        "text": text,
        "annotations": [encode_annotation(annotation) for annotation in annotations],
        "logprobs": list(logprobs),
    }


def encode_refusal(text: str) -> JsonObject:
    return {"type": "refusal", "refusal": text}


def encode_summary(text: str) -> JsonObject:
    return {"type": "summary_text", "text": text}


def encode_reasoning_item(
    identity: str, text: str, details: Sequence[JsonObject], status: Status = "completed"
) -> JsonObject:
    """The thoughts to read, and all of the reasoning state in the field that clients send back unread."""
    summary = [encode_summary(text)] if text else []
    carried = {"encrypted_content": pack(list(details))} if details else {}
    return {"id": identity, "type": "reasoning", "status": status, "summary": summary, **carried}


def encode_call_item(
    identity: str, *, call_id: str, name: str, arguments: str, status: Status = "completed"
) -> JsonObject:
    call = {"call_id": call_id, "name": name, "arguments": arguments}
    return {"id": identity, "type": "function_call", "status": status, **call}


def encode_media_item(identity: str, media: MediaPart) -> JsonObject:
    """As an image that was generated; `mime_type` and `url` are our additions."""
    kind = {"mime_type": media.mime_type, **({"url": media.url} if media.url else {})}
    return {
        "id": identity,
        "type": "image_generation_call",
        "status": "completed",
        "result": media.base64_data,
        **kind,
    }


def encode_annotation(annotation: JsonObject) -> JsonObject:
    """Flat, where chat completions nest."""
    kind = str(annotation.get("type"))
    inner: JsonObject = url_citation(annotation) if kind == "url_citation" else annotation.get(kind) or {}
    return {"type": kind, **inner}


def encode_logprobs(logprobs: JsonObject) -> list[JsonObject]:
    return logprob_entries(logprobs, no_bytes=())
