"""Decides which offered tools a simulated model calls, and with what arguments."""

import re

from local.simulated_providers import schema_data, tokens
from local.simulated_providers.exchange import Ask, ToolOffer, ToolUse

_FILLERS = {
    "get",
    "set",
    "do",
    "run",
    "call",
    "fetch",
    "find",
    "search",
    "lookup",
    "look",
    "up",
    "the",
    "for",
    "current",
}
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^\W\d_a-zA-Z]+")


def choose_tools(ask: Ask, *, question: str) -> tuple[ToolUse, ...]:
    """A forced tool always; an offered one when the question names it and its answer is not in yet."""
    if ask.tool_mode == "none" or not ask.tools:
        return ()
    if ask.tool_mode == "required":
        return (_use((_named_in(question, ask.tools) or ask.tools)[0]),)
    if ask.turns[-1].tool_results:
        return ()
    return tuple(_use(tool) for tool in _named_in(question, ask.tools))


def count_use(use: ToolUse) -> int:
    return tokens.count(use.name) + tokens.count_json(use.arguments)


def _use(tool: ToolOffer) -> ToolUse:
    return ToolUse(tool.name, schema_data.make({"type": "object", **tool.parameters}))


def _named_in(question: str, tools: tuple[ToolOffer, ...]) -> list[ToolOffer]:
    """Tools whose telling words all stand in the question: `get_weather` for "the weather in Oslo?"."""
    asked = _words(question)
    return [tool for tool in tools if (_words(tool.name) - _FILLERS or _words(tool.name)) <= asked]


def _words(text: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(text)}
