"""Decides what a simulated model says. Knows no wire format."""

import json

from pointsman.domain.json_types import JsonObject

from local.simulated_providers import schema_data, tokens
from local.simulated_providers.exchange import Answer, Ask, Refusal, Turn
from local.simulated_providers.tool_use import choose_tools, count_use

_ECHO_CHARS = 160


def answer(ask: Ask, *, provider: str) -> Answer:
    try:
        whole = _answer_whole(ask, provider)
    except schema_data.UnmakeableSchemaError as error:
        raise Refusal(400, str(error), param="schema", code="invalid_json_schema") from error
    return whole if ask.max_tokens is None else _cut_to(ask.max_tokens, whole)


def count_completion(reply: Answer) -> int:
    return len(reply.text) + len(reply.thought) + sum(count_use(use) for use in reply.tool_uses)


def question_of(ask: Ask) -> str:
    return next((turn.text for turn in reversed(ask.turns) if turn.role == "user" and turn.text), "")


def _answer_whole(ask: Ask, provider: str) -> Answer:
    thought = tokens.cut(f"The user wants: {_shorten(question_of(ask))} I only simulate.") if ask.is_thinking else ()
    uses = choose_tools(ask, question=question_of(ask))
    if uses:
        return Answer(thought=thought, tool_uses=uses, finish="tool_calls")
    text = _write(ask, provider) if ask.schema is None else _write_json(ask, ask.schema, provider)
    text, stopped_by = _stop_at(ask.stop, text)
    return Answer(tokens.cut(text), thought, finish="stop_sequence" if stopped_by else "stop", stopped_by=stopped_by)


def _write(ask: Ask, provider: str) -> str:
    last = ask.turns[-1]
    lines = [
        f"This is a simulated answer, no AI model was called: a local stand-in for {provider} speaks as {ask.model}.",
        f"You asked: {_shorten(question_of(ask))}",
        *_describe_extras(last),
        f"Set the API key of {provider} in the environment and start again for a real answer.",
    ]
    return "\n".join(lines)


def _describe_extras(last: Turn) -> list[str]:
    media = [f"Received with it: {', '.join(last.media)}."] if last.media else []
    return media + [f"The tool answered: {_shorten(result)}" for result in last.tool_results]


def _write_json(ask: Ask, schema: JsonObject, provider: str) -> str:
    free = {"simulated": True, "provider": provider, "model": ask.model, "you_asked": _shorten(question_of(ask))}
    return json.dumps(schema_data.make(schema) if schema else free, ensure_ascii=False)


def _shorten(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _ECHO_CHARS else f"{line[:_ECHO_CHARS]}…"


def _stop_at(stops: tuple[str, ...], text: str) -> tuple[str, str | None]:
    found = [(place, stop) for stop in stops if (place := text.find(stop)) >= 0]
    if not found:
        return text, None
    place, stop = min(found)
    return text[:place], stop


def _cut_to(max_tokens: int, whole: Answer) -> Answer:
    """Thoughts count against the limit too; a call of a tool that does not fit is not made."""
    if count_completion(whole) <= max_tokens:
        return whole
    thought = whole.thought[:max_tokens]
    return Answer(whole.text[: max_tokens - len(thought)], thought, finish="length")
