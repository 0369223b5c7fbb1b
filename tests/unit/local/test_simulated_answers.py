import json
from dataclasses import replace

import jsonschema
from hypothesis import given
from hypothesis import strategies as st

from local.simulated_providers import tokens
from local.simulated_providers.answering import answer, count_completion
from local.simulated_providers.exchange import Ask, ToolOffer, Turn
from local.simulated_providers.pace import guess_pace
from local.simulated_providers.prompt_cache import PromptCache

WEATHER = ToolOffer("get_weather", {"properties": {"city": {"type": "string"}}, "required": ["city"]})
CLOCK = ToolOffer("getLocalTime", {})


def ask(question: str = "Tell me about Oslo.", **settings: object) -> Ask:
    return replace(Ask(model="some-model", turns=(Turn("user", question),)), **settings)  # type: ignore[arg-type]


@given(st.text(max_size=300))
def test_token_pieces_join_to_the_text_again(text: str) -> None:
    assert "".join(tokens.cut(text)) == text


def test_an_answer_says_that_it_is_simulated_by_whom_and_what_was_asked() -> None:
    text = "".join(answer(ask(), provider="groq").text)
    assert "simulated" in text
    assert "groq" in text
    assert "some-model" in text
    assert "Tell me about Oslo." in text


def test_attached_media_are_acknowledged() -> None:
    seen = Ask(model="m", turns=(Turn("user", "What is this?", media=("an image", "a sound")),))
    assert "an image, a sound" in "".join(answer(seen, provider="openai").text)


def test_a_limit_on_tokens_is_kept_and_told() -> None:
    reply = answer(ask(max_tokens=5, is_thinking=True), provider="openai")
    assert count_completion(reply) == 5
    assert reply.finish == "length"


def test_a_stop_word_ends_the_answer_and_is_left_out() -> None:
    reply = answer(ask(stop=("Oslo", "no AI")), provider="openai")
    assert (reply.finish, reply.stopped_by) == ("stop_sequence", "no AI")
    assert "".join(reply.text).endswith("answer, ")


def test_a_tool_is_called_when_the_question_names_it() -> None:
    reply = answer(ask("How is the weather in Oslo?", tools=(CLOCK, WEATHER)), provider="openai")
    assert [use.name for use in reply.tool_uses] == ["get_weather"]
    assert reply.finish == "tool_calls"
    jsonschema.validate(reply.tool_uses[0].arguments, {"type": "object", **WEATHER.parameters})


def test_several_tools_are_called_when_the_question_names_them() -> None:
    reply = answer(ask("Weather and local time in Oslo?", tools=(CLOCK, WEATHER)), provider="openai")
    assert {use.name for use in reply.tool_uses} == {"get_weather", "getLocalTime"}


def test_a_tool_is_not_called_when_nothing_asks_for_it() -> None:
    assert answer(ask("Hello!", tools=(WEATHER,)), provider="openai").tool_uses == ()


def test_a_forced_tool_is_called_whatever_was_asked() -> None:
    reply = answer(ask("Hello!", tools=(WEATHER,), tool_mode="required"), provider="openai")
    assert [use.name for use in reply.tool_uses] == ["get_weather"]


def test_tools_are_left_alone_when_forbidden() -> None:
    reply = answer(ask("Weather?", tools=(WEATHER,), tool_mode="none"), provider="openai")
    assert reply.tool_uses == ()


def test_a_tool_result_is_answered_in_words() -> None:
    turns = (Turn("user", "The weather in Oslo?"), Turn("tool", "", tool_results=("4 degrees",)))
    reply = answer(Ask(model="m", turns=turns, tools=(WEATHER,)), provider="openai")
    assert reply.tool_uses == ()
    assert "4 degrees" in "".join(reply.text)


def test_json_follows_the_schema_and_without_one_is_an_object() -> None:
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    jsonschema.validate(json.loads("".join(answer(ask(schema=schema), provider="openai").text)), schema)
    assert json.loads("".join(answer(ask(schema={}), provider="openai").text))["simulated"] is True


def test_a_model_keeps_its_pace() -> None:
    assert guess_pace("a-model") == guess_pace("a-model")
    assert guess_pace("a-model") != guess_pace("another-model")


def test_a_repeated_long_beginning_is_read_from_the_cache() -> None:
    cache, beginning = PromptCache(), Turn("system", "word " * 2000)
    first = Ask(model="m", turns=(beginning, Turn("user", "one")))
    second = Ask(model="m", turns=(beginning, Turn("user", "two")))
    assert cache.read(first, provider="openai")[1] == 0
    total, cached, _ = cache.read(second, provider="openai")
    assert 2000 <= cached < total
    assert cache.read(second, provider="another")[1] == 0
