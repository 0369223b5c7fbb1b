"""What a caller wishes a model to think, as an effort word or as a budget of tokens, whichever the model knows."""

from pointsman.adapters.providers.dialects.dialect import Call
from pointsman.domain.errors import RequestError
from pointsman.domain.model_card import ModelCard
from pointsman.domain.request import Reasoning

# The name under which cards and callers know the wish.
PARAMETER = "reasoning_effort"
# Marks cards of models that know budgets alone.
BY_BUDGET = "thinking_budget"
# Tokens of thought per effort: pydantic-ai 2.68's map for Claude, of which Anthropic publishes none.
BUDGETS = {"none": 0, "minimal": 1_024, "low": 2_048, "medium": 10_000, "high": 16_384, "xhigh": 32_768, "max": 32_768}


def wish_of(call: Call) -> Reasoning | None:
    """None where nothing is wished, or where the card does not list the parameter."""
    reasoning = call.request.reasoning
    if reasoning is None or PARAMETER not in call.card.parameters:
        return None
    return None if reasoning.effort is None and reasoning.max_tokens is None else reasoning


def effort_of(wish: Reasoning, card: ModelCard) -> str:
    """The effort asked for, or the highest one whose budget lies within the budget asked for."""
    effort = wish.effort or _effort_within(wish.max_tokens or 0, card)
    if card.reasoning_efforts and effort not in card.reasoning_efforts:
        known = ", ".join(card.reasoning_efforts)
        raise RequestError(f"{card.id} takes no effort {effort!r}, only {known}", field="reasoning.effort")
    return effort


def budget_of(wish: Reasoning, card: ModelCard) -> int:
    """The budget asked for, or that of the effort asked for; 0 stands for no thought at all."""
    return BUDGETS[effort_of(wish, card)] if wish.max_tokens is None else wish.max_tokens


def _effort_within(max_tokens: int, card: ModelCard) -> str:
    known = card.reasoning_efforts or ("low", "medium", "high")
    affordable = [effort for effort in known if BUDGETS[effort] <= max_tokens]
    return max(affordable or known[:1], key=lambda effort: BUDGETS[effort])
