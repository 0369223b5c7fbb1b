"""Where two JSON values differ, after both were put into one spelling of what means the same."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from tests.conformance.plain.said import obj, objects
from tests.conformance.requests.gemini_generate_content import in_camel_case, in_json_schema

Change = Literal["left_out", "added", "changed"]
NOTHING: tuple[Any, ...] = (None, [], {}, "")

NO_PARAMETERS: Any = {"type": "object", "properties": {}}


@dataclass(frozen=True, slots=True)
class Difference:
    """`path` names fields without places in lists."""

    path: str
    change: Change

    def __str__(self) -> str:
        return f"{self.path} {self.change.replace('_', ' ')}"


def find_differences(recorded: Any, sent: Any, path: str = "") -> Iterator[Difference]:
    if isinstance(recorded, dict) and isinstance(sent, dict):
        yield from _in_objects(cast(dict[str, Any], recorded), cast(dict[str, Any], sent), path)
    elif (
        isinstance(recorded, list)
        and isinstance(sent, list)
        and len(cast(list[Any], recorded)) == len(cast(list[Any], sent))
    ):
        for before, after in zip(cast(list[Any], recorded), cast(list[Any], sent), strict=True):
            yield from find_differences(before, after, f"{path}[]")
    elif recorded != sent:
        yield Difference(path, "changed")


def _in_objects(recorded: dict[str, Any], sent: dict[str, Any], path: str) -> Iterator[Difference]:
    for name in sorted(recorded.keys() | sent.keys()):
        inner = f"{path}.{name}".removeprefix(".")
        if name in recorded and name in sent:
            yield from find_differences(recorded[name], sent[name], inner)
        else:
            yield Difference(inner, "left_out" if name in recorded else "added")


def in_one_spelling(body: Any, dialect: str) -> Any:
    """The same request; two spellings of the same become equal, and what says nothing is gone."""
    return _without_nothing(_SPELLINGS.get(dialect, _as_it_is)(body))


def _as_it_is(body: Any) -> Any:
    return body


def _without_nothing(value: Any) -> Any:
    if isinstance(value, dict):
        inner = {name: _without_nothing(item) for name, item in cast(dict[str, Any], value).items()}
        return {name: item for name, item in inner.items() if item not in NOTHING}
    return [_without_nothing(item) for item in cast(list[Any], value)] if isinstance(value, list) else value


def _spell_chat(body: dict[str, Any]) -> dict[str, Any]:
    told = dict(body)
    told["max_completion_tokens"] = told.pop("max_tokens", None) or told.get("max_completion_tokens")
    choice = told.get("tool_choice")
    told["tool_choice"] = {"type": "function", **obj(choice)} if isinstance(choice, dict) else choice
    told["stop"] = _as_list(told.get("stop"))
    told["messages"] = [_spell_chat_message(message) for message in told.get("messages") or ()]
    told["tools"] = [_spell_chat_tool(tool) for tool in told.get("tools") or ()]
    # False is what holds where nothing is said.
    return {
        name: value for name, value in told.items() if (name, value) not in (("stream", False), ("logprobs", False))
    }


def _spell_chat_message(message: dict[str, Any]) -> dict[str, Any]:
    calls = [_spell_chat_call(call) for call in message.get("tool_calls") or ()]
    content = [_spell_chat_part(part) for part in _as_parts(message.get("content"))]
    # A result is named by its call already.
    named = {} if message.get("role") == "tool" else {"name": message.get("name")}
    return {**message, "content": content, "tool_calls": calls, **({"name": None} | named)}


def _as_parts(content: Any) -> list[Any]:
    if isinstance(content, str):
        return [{"type": "text", "text": content}] if content else []
    return cast(list[Any], content) or []


def _spell_chat_part(part: dict[str, Any]) -> dict[str, Any]:
    image = part.get("image_url")
    if part.get("type") == "thinking":
        return {
            "type": "thinking",
            "thinking": "".join(str(piece.get("text")) for piece in objects(part.get("thinking"))),
        }
    return {**part, "image_url": {"url": image}} if isinstance(image, str) else part


def _spell_chat_call(call: dict[str, Any]) -> dict[str, Any]:
    function = obj(call.get("function"))
    arguments = _parse(function.get("arguments"))
    return {"id": call.get("id"), "type": "function", "function": {**function, "arguments": arguments}}


def _spell_chat_tool(tool: dict[str, Any]) -> dict[str, Any]:
    function = obj(tool.get("function"))
    return {**tool, "type": tool.get("type", "function"), "function": {**function, **_spell_schema(function)}}


def _spell_schema(function: dict[str, Any]) -> dict[str, Any]:
    return {"parameters": function.get("parameters") or NO_PARAMETERS}


def _spell_messages(body: dict[str, Any]) -> dict[str, Any]:
    told = {**body, "system": _as_parts(body.get("system")), "stream": body.get("stream") or None}
    told["messages"] = _join_turns([_spell_turn(turn) for turn in body.get("messages") or ()], "content")
    told["tools"] = [_without_default_type(tool) for tool in body.get("tools") or ()]
    return told


def _spell_turn(turn: dict[str, Any]) -> dict[str, Any]:
    blocks = [_spell_block(block) for block in _as_parts(turn.get("content"))]
    results_first = sorted(blocks, key=lambda block: block.get("type") != "tool_result")
    return {"role": turn.get("role"), "content": [block for block in results_first if block.get("text") != ""]}


def _spell_block(block: dict[str, Any]) -> dict[str, Any]:
    if block.get("type") != "tool_result":
        return block
    return {**block, "content": _as_parts(block.get("content")), "is_error": block.get("is_error") or None}


def _join_turns(turns: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """Both APIs take neighbouring turns of one side as one."""
    joined: list[dict[str, Any]] = []
    for turn in turns:
        if joined and joined[-1]["role"] == turn["role"]:
            joined[-1] = {**turn, name: [*joined[-1][name], *turn[name]]}
        else:
            joined.append(turn)
    return joined


def _without_default_type(tool: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in tool.items() if (name, value) != ("type", "custom")}


def _spell_gemini(body: dict[str, Any]) -> dict[str, Any]:
    told = in_camel_case(body)
    told.pop("model", None)
    calling = obj(obj(told.get("toolConfig")).get("functionCallingConfig"))
    told["toolConfig"] = {"functionCallingConfig": {**calling, "mode": str(calling.get("mode", "")).upper()}}
    system = obj(told.get("systemInstruction"))
    told["systemInstruction"] = {"parts": system.get("parts")}
    told["tools"] = [_spell_gemini_tools(told.get("tools") or ())]
    told["generationConfig"] = _spell_gemini_config(told.get("generationConfig") or {})
    told["contents"] = _join_turns([_spell_gemini_turn(turn) for turn in told.get("contents") or ()], "parts")
    return told


def _spell_gemini_tools(groups: Any) -> dict[str, Any]:
    """Functions may stand in one group or in several."""
    joined = [tool for group in objects(groups) for tool in objects(group.get("functionDeclarations"))]
    rest = {name: value for group in objects(groups) for name, value in group.items()}
    return {**rest, "functionDeclarations": [_spell_declaration(tool) for tool in joined]}


def _spell_declaration(tool: dict[str, Any]) -> dict[str, Any]:
    schema = tool.get("parametersJsonSchema") or in_json_schema(tool.get("parameters"))
    rest = {name: value for name, value in tool.items() if name != "parameters"}
    return {**rest, "parametersJsonSchema": schema or NO_PARAMETERS}


def _spell_gemini_config(config: dict[str, Any]) -> dict[str, Any]:
    told = dict(config)
    told["responseJsonSchema"] = told.get("responseJsonSchema") or in_json_schema(told.pop("responseSchema", None))
    told["responseMimeType"] = None if told.get("responseMimeType") == "text/plain" else told.get("responseMimeType")
    told["responseModalities"] = None if told.get("responseModalities") in (["TEXT"], ["text"]) else _upper(told)
    return told


def _upper(config: dict[str, Any]) -> list[str]:
    return [str(each).upper() for each in config.get("responseModalities") or ()]


def _spell_gemini_turn(turn: dict[str, Any]) -> dict[str, Any]:
    return {
        "role": turn.get("role") or "user",
        "parts": [part for part in turn.get("parts") or () if not _is_mute(part)],
    }


def _is_mute(part: dict[str, Any]) -> bool:
    # A thought's text is for people: Google reads its own thoughts from signatures alone.
    return "thoughtSignature" not in part and (bool(part.get("thought")) or part.get("text") == "")


def _spell_converse(body: dict[str, Any]) -> dict[str, Any]:
    told = dict(body)
    told["messages"] = _join_turns([_spell_converse_turn(turn) for turn in told.get("messages") or ()], "content")
    config = obj(told.get("toolConfig"))
    told["toolConfig"] = {**config, "tools": [_spell_tool_spec(tool) for tool in config.get("tools") or ()]}
    wanted = obj(obj(obj(obj(told.get("outputConfig")).get("textFormat")).get("structure")).get("jsonSchema"))
    if "schema" in wanted:
        schema = {"jsonSchema": {**wanted, "schema": _parse(wanted["schema"])}}
        told["outputConfig"] = {"textFormat": {"type": "json_schema", "structure": schema}}
    return told


def _spell_converse_turn(turn: dict[str, Any]) -> dict[str, Any]:
    blocks = [_spell_converse_block(block) for block in turn.get("content") or ()]
    return {"role": turn.get("role"), "content": sorted(blocks, key=lambda block: "toolResult" not in block)}


def _spell_converse_block(block: dict[str, Any]) -> dict[str, Any]:
    result = obj(block.get("toolResult"))
    if result.get("status") == "success":
        return {"toolResult": {name: value for name, value in result.items() if name != "status"}}
    return block


def _spell_tool_spec(tool: dict[str, Any]) -> dict[str, Any]:
    spec = obj(tool.get("toolSpec"))
    if not spec:
        return tool
    schema = obj(spec.get("inputSchema")).get("json") or NO_PARAMETERS
    return {"toolSpec": {**spec, "inputSchema": {"json": schema}}}


def _spell_responses(body: dict[str, Any]) -> dict[str, Any]:
    told = {**body, "stream": body.get("stream") or None}
    given: Any = told.get("input")
    items = [{"role": "user", "content": given}] if isinstance(given, str) else given or []
    told["input"] = [_spell_input_item(item) for item in items]
    told["tools"] = [_spell_response_tool(tool) for tool in told.get("tools") or ()]
    return told


def _spell_input_item(item: dict[str, Any]) -> dict[str, Any]:
    # Ids and states of an answer's own items say nothing to who gets them back.
    told = {name: value for name, value in item.items() if name not in ("status", *(("id",) if "role" in item else ()))}
    if "role" in told:
        parts = objects(told["content"]) or [{"text": told["content"]}]
        told["content"] = [_spell_input_part(part) for part in parts]
        told.pop("type", None)
    if told.get("type") == "function_call":
        told["arguments"] = _parse(told.get("arguments"))
        told.pop("id", None)
    return told


def _spell_input_part(part: dict[str, Any]) -> dict[str, Any]:
    if "text" in part:
        return {"text": part["text"]}
    return {**part, "detail": part.get("detail", "auto")} if part.get("type") == "input_image" else part


def _spell_response_tool(tool: dict[str, Any]) -> dict[str, Any]:
    return {**tool, "strict": tool.get("strict") or None, "parameters": tool.get("parameters") or NO_PARAMETERS}


def _spell_cohere(body: dict[str, Any]) -> dict[str, Any]:
    told = {**body, "stream": body.get("stream") or None}
    told["messages"] = [_spell_cohere_message(message) for message in told.get("messages") or ()]
    told["tools"] = [_spell_chat_tool(tool) for tool in told.get("tools") or ()]
    return told


def _spell_cohere_message(message: dict[str, Any]) -> dict[str, Any]:
    calls = [_spell_chat_call(call) for call in message.get("tool_calls") or ()]
    content = [part for part in _as_parts(message.get("content")) if part.get("text") != ""]
    return {**message, "content": content, "tool_calls": calls}


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _parse(arguments: Any) -> Any:
    try:
        return json.loads(arguments or "{}")
    except (ValueError, TypeError):
        return arguments


_SPELLINGS: Mapping[str, Callable[[Any], Any]] = {
    "openai_chat": _spell_chat,
    "anthropic_messages": _spell_messages,
    "bedrock_converse": _spell_converse,
    "cohere_chat": _spell_cohere,
    "openai_responses": _spell_responses,
    "gemini_generate_content": _spell_gemini,
}
