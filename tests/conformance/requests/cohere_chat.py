"""Recorded requests to Cohere, read by Pointsman's own endpoint once Cohere's names are OpenAI's."""

from dataclasses import replace
from typing import Any

from pointsman.adapters.providers.spec import ProviderSpec

from tests.conformance.plain.said import objects
from tests.conformance.requests import openai_chat
from tests.conformance.requests.taking import ReadRequest, apart, enter, enter_all

NAMES = {"p": "top_p", "k": "top_k", "stop_sequences": "stop", "max_tokens": "max_completion_tokens"}
CHOICES = {"REQUIRED": "required", "NONE": "none"}
PLAN_INDEX = 1


def read(body: Any, spec: ProviderSpec) -> ReadRequest:
    told = apart(body)
    for theirs, ours in NAMES.items():
        if theirs in told:
            told[ours] = told.pop(theirs)
    if "tool_choice" in told:
        told["tool_choice"] = CHOICES[told["tool_choice"]]
    _read_strictness(told)
    wanted = enter(told, "response_format")
    if "json_schema" in wanted:
        told["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": "response", "schema": wanted["json_schema"]},
        }
    thinking = told.pop("thinking", None)
    if thinking is not None:
        budget = thinking.get("token_budget")
        told["reasoning"] = {"max_tokens": budget} if budget else {"effort": "none"}
    for message in enter_all(told, "messages"):
        _lift_thoughts(message)
    return _with_efforts(openai_chat.read(told, spec))


def _read_strictness(told: dict[str, Any]) -> None:
    if told.pop("strict_tools", None):
        for tool in enter_all(told, "tools"):
            enter(tool, "function")["strict"] = True


def _with_efforts(read_: ReadRequest) -> ReadRequest:
    return replace(read_, card=replace(read_.card, reasoning_efforts=("none", "low", "medium", "high")))


def _lift_thoughts(message: dict[str, Any]) -> None:
    thinking = [part.get("thinking") for part in objects(message.get("content")) if part.get("type") == "thinking"]
    details = [_detail(text, 0) for text in thinking]
    if message.get("tool_plan"):
        details.append(_detail(message.pop("tool_plan"), PLAN_INDEX))
    if details:
        message["reasoning_details"] = details
    if isinstance(message.get("content"), list):
        message["content"] = [part for part in message["content"] if part.get("type") != "thinking"]


def _detail(text: Any, index: int) -> dict[str, Any]:
    return {"type": "reasoning.text", "text": text, "format": "unknown", "index": index}
