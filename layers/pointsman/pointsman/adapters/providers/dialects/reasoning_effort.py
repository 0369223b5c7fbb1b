"""Turns an effort word into a budget of tokens and back, for models that know only one of the two."""

from pointsman.domain.errors import RequestError
from pointsman.domain.model_card import ModelCard
from pointsman.domain.request import Reasoning

# Tokens of thought per effort: pydantic-ai 2.68's map for Claude, which Anthropic publishes no counterpart of.
BUDGETS = {"none": 0, "minimal": 1_024, "low": 2_048, "medium": 10_000, "high": 16_384, "xhigh": 32_768, "max": 32_768}


def effort_of(reasoning: Reasoning, card: ModelCard) -> str:
    """The effort asked for, or the highest one whose budget lies within the budget asked for."""
    effort = reasoning.effort or _effort_within(reasoning.max_tokens or 0, card)
    if card.reasoning_efforts and effort not in card.reasoning_efforts:
        known = ", ".join(card.reasoning_efforts)
        raise RequestError(f"{card.id} takes no effort {effort!r}, only {known}", field="reasoning.effort")
    return effort


def budget_of(reasoning: Reasoning) -> int:
    """The budget asked for, or that of the effort asked for; 0 stands for no thought at all."""
    if reasoning.max_tokens is not None:
        return reasoning.max_tokens
    if reasoning.effort not in BUDGETS:
        known = ", ".join(BUDGETS)
        raise RequestError(f"no effort {reasoning.effort!r}, only {known}", field="reasoning.effort")
    return BUDGETS[reasoning.effort]


def _effort_within(max_tokens: int, card: ModelCard) -> str:
    known = card.reasoning_efforts or ("low", "medium", "high")
    affordable = [effort for effort in known if BUDGETS.get(effort, 0) <= max_tokens]
    return max(affordable or known[:1], key=lambda effort: BUDGETS.get(effort, 0))
