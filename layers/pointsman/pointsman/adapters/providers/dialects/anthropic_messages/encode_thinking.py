"""How much Claude thinks: by effort where the card names efforts, else by a budget of tokens."""

from pointsman.adapters.providers.dialects.dialect import Call
from pointsman.adapters.providers.dialects.reasoning_effort import budget_of, effort_of
from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.request import Reasoning

SMALLEST_BUDGET = 1_024


def encode_thinking(call: Call, max_tokens: int) -> JsonObject:
    reasoning = call.request.reasoning
    if reasoning is None or not _is_set(reasoning):
        return {}
    if reasoning.effort == "none":
        return {"thinking": {"type": "disabled"}}
    display = "omitted" if reasoning.exclude else "summarized"
    if call.card.reasoning_efforts:
        return {"thinking": {"type": "adaptive", "display": display}}
    return {"thinking": {"type": "enabled", "budget_tokens": _budget(reasoning, max_tokens), "display": display}}


def encode_effort(call: Call) -> JsonObject:
    reasoning = call.request.reasoning
    if reasoning is None or not _is_set(reasoning) or reasoning.effort == "none" or not call.card.reasoning_efforts:
        return {}
    return {"effort": effort_of(reasoning, call.card)}


def _is_set(reasoning: Reasoning) -> bool:
    return reasoning.effort is not None or reasoning.max_tokens is not None


def _budget(reasoning: Reasoning, max_tokens: int) -> int:
    budget = budget_of(reasoning)
    if budget < SMALLEST_BUDGET:
        raise RequestError(f"this model thinks with at least {SMALLEST_BUDGET} tokens", field="reasoning.max_tokens")
    if budget >= max_tokens:
        raise RequestError(
            f"thinking with {budget} tokens leaves no room within {max_tokens}", field="max_completion_tokens"
        )
    return budget
