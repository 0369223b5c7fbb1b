"""The turns of a conversation as the input items of OpenAI's Responses."""

from collections.abc import Iterator, Sequence
from typing import Any

from pointsman.adapters.providers.dialects.dialect import Call
from pointsman.adapters.providers.dialects.openai_responses.thoughts import encode_thoughts
from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.request import MediaPart, Message, Part, TextPart


def encode_input(call: Call) -> Sequence[JsonObject]:
    messages = enumerate(call.request.messages)
    return [item for n, message in messages for item in _encode_message(message, call, place=f"messages[{n}]")]


def _encode_message(message: Message, call: Call, *, place: str) -> Iterator[JsonObject]:
    if message.role == "tool":
        output = _encode_content(message, call, place=place)
        yield {"type": "function_call_output", "call_id": message.tool_call_id, "output": output}
        return
    if message.role == "assistant":
        yield from _encode_answer(message)
        return
    if message.name is not None:
        raise RequestError(f"{call.card.id} is called by an interface without names of speakers", field=f"{place}.name")
    role = call.spec.roles.get(message.role, message.role)
    yield {"role": role, "content": _encode_content(message, call, place=place)}


def _encode_answer(message: Message) -> Iterator[JsonObject]:
    yield from encode_thoughts(message)
    if message.text:
        yield {"role": "assistant", "content": [{"type": "output_text", "text": message.text}]}
    for call in message.tool_calls:
        yield {"type": "function_call", "call_id": call.id, "name": call.name, "arguments": call.arguments or "{}"}


def _encode_content(message: Message, call: Call, *, place: str) -> Any:
    if all(isinstance(part, TextPart) for part in message.parts) and len(message.parts) <= 1:
        return message.text
    return [_encode_part(part, call, field=f"{place}.content[{n}]") for n, part in enumerate(message.parts)]


def _encode_part(part: Part, call: Call, *, field: str) -> JsonObject:
    if isinstance(part, TextPart):
        return {"type": "input_text", "text": part.text}
    if part.kind not in call.spec.media or part.kind not in ("image", "file"):
        raise RequestError(f"{call.card.id} takes no {part.kind} parts here", field=field)
    return _encode_image(part) if part.kind == "image" else _encode_file(part)


def _encode_image(part: MediaPart) -> JsonObject:
    return {"type": "input_image", "image_url": part.url or _data_url(part), "detail": part.detail or "auto"}


def _encode_file(part: MediaPart) -> JsonObject:
    if part.base64_data is None:
        return {"type": "input_file", "file_url": part.url}
    # OpenAI wants some name with every file, and reads nothing from it.
    return {"type": "input_file", "filename": part.filename or "file", "file_data": _data_url(part)}


def _data_url(part: MediaPart) -> str:
    return f"data:{part.mime_type};base64,{part.base64_data}"
