"""The turns of a conversation in Bedrock's words."""

import re
from collections.abc import Iterator, Sequence

from pointsman.adapters.providers.dialects.bedrock_converse.cache_points import CACHE_POINT, encode_cache_point
from pointsman.adapters.providers.dialects.bedrock_converse.encode_media import encode_media
from pointsman.adapters.providers.dialects.bedrock_converse.thoughts import encode_thoughts
from pointsman.adapters.providers.dialects.call_ids import fit_call_id
from pointsman.adapters.providers.dialects.dialect import Call
from pointsman.adapters.providers.dialects.tool_arguments import arguments_object
from pointsman.adapters.providers.dialects.turns import Placed, Turn, alternate_turns, system_messages
from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.request import MediaPart

ROLES = {"user": "user", "model": "assistant"}
ID_FORM = re.compile(r"[a-zA-Z0-9_.:-]{1,64}")


def encode_system(call: Call) -> Sequence[JsonObject]:
    return [block for placed in system_messages(call.request) for block in _encode_parts(placed, call)]


def encode_messages(call: Call) -> Sequence[JsonObject]:
    return [_encode_turn(turn, call) for turn in alternate_turns(call.request)]


def _encode_turn(turn: Turn, call: Call) -> JsonObject:
    blocks = [block for placed in turn.messages for block in _encode_message(placed, call)]
    if not blocks:
        raise RequestError("this message is empty", field=f"{turn.messages[0].place}.content")
    documents = [block["document"]["name"] for block in blocks if "document" in block]
    # A document alone is refused; its name is what can be said of it. Nothing may stand before results of tools.
    if documents and not any("text" in block for block in blocks):
        blocks = [*blocks, {"text": ", ".join(documents)}]
    return {"role": ROLES[turn.side], "content": blocks}


def _encode_message(placed: Placed, call: Call) -> Iterator[JsonObject]:
    message = placed.message
    if message.role == "tool":
        yield from _encode_tool_result(placed, call)
        return
    yield from encode_thoughts(message)
    yield from _encode_parts(placed, call)
    for number, tool_call in enumerate(message.tool_calls):
        arguments = arguments_object(tool_call, field=f"{placed.place}.tool_calls[{number}].function.arguments")
        yield {"toolUse": {"toolUseId": _fit_id(tool_call.id), "name": tool_call.name, "input": arguments}}


def _encode_parts(placed: Placed, call: Call) -> Iterator[JsonObject]:
    for number, part in enumerate(placed.message.parts):
        if isinstance(part, MediaPart):
            yield _encode_media(part, placed, number)
        # Texts of blanks alone are refused, and say nothing.
        elif part.text.strip():
            yield {"text": part.text}
            yield from encode_cache_point(part.cache_control, call)


def _encode_media(part: MediaPart, placed: Placed, number: int) -> JsonObject:
    place = placed.place.removeprefix("messages[").removesuffix("]")
    return encode_media(part, field=f"{placed.place}.content[{number}]", number=f"{place}-{number}")


def _encode_tool_result(placed: Placed, call: Call) -> Iterator[JsonObject]:
    message = placed.message
    content = [block for block in _encode_parts(placed, call) if CACHE_POINT not in block]
    failed = {"status": "error"} if message.is_error else {}
    # Neither no content nor an empty text is taken.
    told = content or [{"json": {"result": ""}}]
    yield {"toolResult": {"toolUseId": _fit_id(message.tool_call_id or ""), "content": told, **failed}}
    yield from encode_cache_point(message.cache_control, call)


def _fit_id(call_id: str) -> str:
    return fit_call_id(call_id, ID_FORM, length=32)
