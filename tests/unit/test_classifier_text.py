from pointsman.domain.classifier_text import SHORT_TURN, TURN_HEAD, TURN_TAIL, classifier_text
from pointsman.domain.request import MediaPart, Message, Role, TextPart


def say(role: Role, text: str) -> Message:
    return Message(role, (TextPart(text),))


def test_one_user_turn_is_read_as_it_stands() -> None:
    assert classifier_text([say("user", "  Translate this to German: hello world  ")]) == (
        "Translate this to German: hello world"
    )


def test_a_short_last_turn_brings_the_user_turns_before_it() -> None:
    first = "Write a Python function that parses ISO dates and explain how it works."
    read = classifier_text([say("user", first), say("assistant", "Here it is."), say("user", "yes, go on")])
    assert read == f"{first}\nyes, go on"


def test_a_long_last_turn_stands_alone() -> None:
    last = "Now tell me in detail how photosynthesis works in desert plants."
    assert len(last) >= SHORT_TURN
    assert classifier_text([say("user", "Hello there"), say("assistant", "Hi"), say("user", last)]) == last


def test_a_long_paste_keeps_its_head_and_the_instruction_at_its_end() -> None:
    read = classifier_text([say("user", "START " + "lorem ipsum " * 2000 + " Summarise the text above.")])
    assert read.startswith("START")
    assert read.endswith("Summarise the text above.")
    assert len(read) < TURN_HEAD + TURN_TAIL + 20


def test_the_system_prompt_gives_its_head_after_the_user() -> None:
    system = "You are a pirate. " + "Never break character. " * 50
    read = classifier_text([say("system", system), say("user", "Tell me a story about the sea and an old captain.")])
    assert read.startswith("Tell me a story")
    assert "You are a pirate." in read
    assert len(read) < 260


def test_answers_and_tool_results_are_not_read() -> None:
    messages = [say("user", "Find the weather in Oslo"), say("assistant", "Calling."), say("tool", "rain, 4 degrees")]
    assert classifier_text(messages) == "Find the weather in Oslo"


def test_a_conversation_without_text_is_read_as_nothing() -> None:
    assert classifier_text([Message("user", (MediaPart("image", "image/png", url="https://x.test/a.png"),))]) == ""
