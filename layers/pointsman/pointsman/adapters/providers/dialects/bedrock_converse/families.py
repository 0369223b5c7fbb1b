"""What Bedrock passes through to each family of models in the family's own words, above all how much to think.

The family is the vendor's part of Bedrock's name of a model: `us.amazon.nova-2-lite-v1:0` is one of Amazon's.
"""

import re
from collections.abc import Callable, Mapping

from pointsman.adapters.providers.dialects.bedrock_converse.encode_tools import is_one_at_a_time
from pointsman.adapters.providers.dialects.dialect import Call
from pointsman.adapters.providers.dialects.reasoning_wish import BY_BUDGET, budget_of, effort_of, wish_of
from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.request import Reasoning, ToolChoice, ToolChoiceMode

VENDOR = re.compile(r"(?:.*/)?(?:(?:us|eu|apac|jp|au|ca|global|us-gov)\.)?(?P<vendor>[a-z0-9]+)\.")
# Said once: Bedrock refuses a choice that stands in the family's words and in its own.
CLAUDES_CHOICES: Mapping[ToolChoiceMode, str] = {"auto": "auto", "required": "any", "named": "tool"}


def encode_family_fields(call: Call) -> JsonObject:
    return {**_encode_thinking(call), **_encode_one_at_a_time(call)}


def vendor_of(upstream_model: str) -> str:
    found = VENDOR.match(upstream_model)
    return found["vendor"] if found else ""


def _encode_thinking(call: Call) -> JsonObject:
    wish = wish_of(call)
    if wish is None:
        return {}
    vendor = vendor_of(call.upstream_model)
    if vendor not in _THINKERS:
        raise RequestError(f"nobody has said how {call.card.id} is told to think", field="reasoning")
    return _THINKERS[vendor](wish, call)


def _encode_claude(wish: Reasoning, call: Call) -> JsonObject:
    if BY_BUDGET in call.card.features:
        budget = budget_of(wish, call.card)
        return {"thinking": {"type": "enabled", "budget_tokens": budget} if budget else {"type": "disabled"}}
    effort = effort_of(wish, call.card)
    if effort == "none":
        return {"thinking": {"type": "disabled"}}
    return {"thinking": {"type": "adaptive"}, "output_config": {"effort": effort}}


def _encode_nova(wish: Reasoning, call: Call) -> JsonObject:
    effort = effort_of(wish, call.card)
    if effort == "none":
        return {"reasoningConfig": {"type": "disabled"}}
    return {"reasoningConfig": {"type": "enabled", "maxReasoningEffort": effort}}


def _encode_gpt_oss(wish: Reasoning, call: Call) -> JsonObject:
    return {"reasoning_effort": effort_of(wish, call.card)}


def _encode_qwen(wish: Reasoning, call: Call) -> JsonObject:
    return {"reasoning_config": effort_of(wish, call.card)}


_THINKERS: Mapping[str, Callable[[Reasoning, Call], JsonObject]] = {
    "anthropic": _encode_claude,
    "amazon": _encode_nova,
    "openai": _encode_gpt_oss,
    "qwen": _encode_qwen,
}


def _encode_one_at_a_time(call: Call) -> JsonObject:
    if not is_one_at_a_time(call.request):
        return {}
    if vendor_of(call.upstream_model) != "anthropic":
        raise RequestError(f"{call.card.id} cannot be forbidden parallel calls", field="parallel_tool_calls")
    choice = call.request.tool_choice or ToolChoice("auto")
    named = {"name": choice.name} if choice.mode == "named" else {}
    return {"tool_choice": {"type": CLAUDES_CHOICES[choice.mode], **named, "disable_parallel_tool_use": True}}
