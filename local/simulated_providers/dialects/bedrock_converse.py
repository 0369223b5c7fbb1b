"""Amazon Bedrock's Converse: reads requests and writes errors."""

import json
from collections.abc import Mapping

from pointsman.domain.json_types import JsonObject

from local.simulated_providers.aws_event_stream import write_event
from local.simulated_providers.dialects.bedrock_converse_replies import STREAM_TYPE, encode, encode_stream
from local.simulated_providers.dialects.field_reading import child, objects, require, text_of, words
from local.simulated_providers.exchange import Ask, Call, Dialect, Refusal, ToolMode, ToolOffer, Turn

_METHODS = {"converse": False, "converse-stream": True}
_MODES: dict[str, ToolMode] = {"auto": "auto", "any": "required", "tool": "required"}
_MEDIA = {"image": "an image", "document": "a document", "video": "a video", "audio": "a sound"}
_EXCEPTIONS = {429: "throttlingException", 503: "serviceUnavailableException", 400: "validationException"}
_SIGNED_BY = "AWS4-HMAC-SHA256 Credential="


def _read_key(headers: Mapping[str, str]) -> str | None:
    """A bearer token, or the id of the key that a request is signed with; the signature itself is not checked."""
    told = headers.get("authorization", "")
    if told.startswith(_SIGNED_BY):
        return told.removeprefix(_SIGNED_BY).partition("/")[0]
    return told.removeprefix("Bearer ") or None


def _read(call: Call) -> Ask:
    model, _, method = call.target.rpartition("/")
    if method not in _METHODS:
        raise Refusal(404, f"The operation {method} is not simulated.")
    messages = objects(require(call.body, "messages", refusal=Refusal(400, "messages is required")))
    _refuse_wrong_turns(messages, child(call.body, "toolConfig"))
    tools, mode = _read_tools(child(call.body, "toolConfig"))
    inference = child(call.body, "inferenceConfig")
    system = text_of(call.body.get("system"))
    return Ask(
        model=model,
        turns=((Turn("system", system),) if system else ()) + tuple(_read_turn(message) for message in messages),
        tools=tools,
        tool_mode=mode,
        schema=_read_schema(call.body),
        max_tokens=inference.get("maxTokens"),
        stop=words(inference.get("stopSequences")),
        is_thinking=_is_thinking(child(call.body, "additionalModelRequestFields")),
        is_streamed=_METHODS[method],
        caches_prompt='"cachePoint"' in json.dumps(call.body),
    )


def _refuse_wrong_turns(messages: tuple[JsonObject, ...], tool_config: JsonObject) -> None:
    roles = [message.get("role") for message in messages]
    if roles != [("user", "assistant")[place % 2] for place in range(len(roles))]:
        raise Refusal(400, "A conversation must start with a user message, and roles must alternate.")
    blocks = [block for message in messages for block in objects(message.get("content"))]
    if any("toolUse" in block for block in blocks) and not tool_config:
        raise Refusal(400, "The toolConfig field must be defined when using toolUse and toolResult content blocks.")
    if any(not str(block["text"]).strip() for block in blocks if "text" in block):
        raise Refusal(400, "The text field in the ContentBlock object is blank.")


def _is_thinking(fields: JsonObject) -> bool:
    wishes = (child(fields, "reasoningConfig"), child(fields, "thinking"))
    return any(wish.get("type") in ("enabled", "adaptive") for wish in wishes)


def _read_turn(message: JsonObject) -> Turn:
    blocks = objects(message.get("content"))
    results = tuple(_result_of(block["toolResult"]) for block in blocks if "toolResult" in block)
    calls = "".join(json.dumps(block["toolUse"].get("input")) for block in blocks if "toolUse" in block)
    media = tuple(_MEDIA[name] for block in blocks for name in block if name in _MEDIA)
    return Turn(str(message.get("role")), text_of(message.get("content")) + calls, media, results)


def _result_of(result: JsonObject) -> str:
    content = objects(require(result, "content", refusal=Refusal(400, "toolResult.content must not be empty")))
    return text_of(result.get("content")) or json.dumps([block["json"] for block in content if "json" in block])


def _read_tools(config: JsonObject) -> tuple[tuple[ToolOffer, ...], ToolMode]:
    specs = [tool["toolSpec"] for tool in objects(config.get("tools")) if "toolSpec" in tool]
    tools = tuple(ToolOffer(spec["name"], spec["inputSchema"].get("json") or {}) for spec in specs)
    choice = child(config, "toolChoice") or {"auto": {}}
    mode = next(iter(choice))
    if mode == "tool":
        tools = tuple(tool for tool in tools if tool.name == choice["tool"]["name"])
    return tools, _MODES[mode]


def _read_schema(body: JsonObject) -> JsonObject | None:
    wanted = child(body, "outputConfig", "textFormat", "structure", "jsonSchema")
    return json.loads(wanted["schema"]) if wanted else None


def _encode_refusal(refusal: Refusal) -> JsonObject:
    return {"message": refusal.message}


def _encode_stream_refusal(refusal: Refusal) -> bytes:
    return write_event(_EXCEPTIONS.get(refusal.status, "internalServerException"), _encode_refusal(refusal))


DIALECT = Dialect(
    name="bedrock_converse",
    path="/{provider}/model/{target:path}",
    read_key=_read_key,
    bad_key=Refusal(403, "The security token included in the request is invalid."),
    unknown_model=lambda _: Refusal(400, "The provided model identifier is invalid."),
    read=_read,
    encode=encode,
    encode_stream=encode_stream,
    encode_refusal=_encode_refusal,
    encode_stream_refusal=_encode_stream_refusal,
    stream_type=STREAM_TYPE,
)
