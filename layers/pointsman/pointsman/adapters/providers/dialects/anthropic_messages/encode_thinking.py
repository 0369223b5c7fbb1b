"""How much Claude thinks: by effort, or by a budget of tokens where its card says so."""

from pointsman.adapters.providers.dialects.dialect import Call
from pointsman.adapters.providers.dialects.reasoning_wish import BY_BUDGET, budget_of, effort_of, wish_of
from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject

SMALLEST_BUDGET = 1_024


def encode_thinking(call: Call, max_tokens: int) -> JsonObject:
    wish = wish_of(call)
    if wish is None:
        return {}
    display = "omitted" if wish.exclude else "summarized"
    if BY_BUDGET in call.card.features:
        return _encode_budget(budget_of(wish, call.card), max_tokens, display=display)
    if effort_of(wish, call.card) == "none":
        return {"thinking": {"type": "disabled"}}
    return {"thinking": {"type": "adaptive", "display": display}}


def encode_effort(call: Call) -> JsonObject:
    wish = wish_of(call)
    if wish is None or BY_BUDGET in call.card.features or effort_of(wish, call.card) == "none":
        return {}
    return {"effort": effort_of(wish, call.card)}


def _encode_budget(budget: int, max_tokens: int, *, display: str) -> JsonObject:
    if budget == 0:
        return {"thinking": {"type": "disabled"}}
    if budget < SMALLEST_BUDGET:
        raise RequestError(f"this model thinks with at least {SMALLEST_BUDGET} tokens", field="reasoning.max_tokens")
    if budget >= max_tokens:
        message = f"thinking with {budget} tokens leaves no room within {max_tokens}"
        raise RequestError(message, field="max_completion_tokens")
    return {"thinking": {"type": "enabled", "budget_tokens": budget, "display": display}}
