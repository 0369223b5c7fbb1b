"""When a chat is answered by a model of another kind, row by row."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from pointsman.domain.media_request import as_request_of_kind, seconds_in, text_to_speak
from pointsman.domain.media_task import TaskProbabilities, choose_kind, find_wish
from pointsman.domain.media_use import units_asked, units_realised
from pointsman.domain.reply import Choice, Reply, Usage
from pointsman.domain.request import ChatRequest, MediaFacts, MediaPart, Message, Part, TextPart, Tool

LABELS = ("image_generation", "chat_qa", "audio_generation", "video_generation", "audio_analysis", "image_editing")
TASKS = ("image_generation", "speech", "video_generation", "transcription", "image_editing")
THRESHOLDS: Mapping[str, int] = {**dict.fromkeys(TASKS, 300)}
PICTURE = MediaPart("image", "image/png", base64_data="AAAA")
SOUND = MediaPart("audio", "audio/wav", base64_data="AAAA", facts=MediaFacts(bytes=48_000, duration_ms=1_500))


def say(text: str, *media: Part) -> ChatRequest:
    return ChatRequest((Message("user", (TextPart(text), *media)),), may_answer_in_media=True)


def sure(label: str, milli: int = 900) -> TaskProbabilities:
    return TaskProbabilities(LABELS, tuple(milli if name == label else 0 for name in LABELS), THRESHOLDS)


@pytest.mark.parametrize(
    ("request_", "label", "kind"),
    [
        (say("Draw a lighthouse at dusk"), "image_generation", "image_generation"),
        (say("Zeichne ein Bild von einem Leuchtturm"), "image_generation", "image_generation"),
        (say("画一只戴帽子的猫"), "image_generation", "image_generation"),
        (say("remove the background", PICTURE), "image_editing", "image_generation"),
        (say("Read this aloud: Good morning"), "audio_generation", "speech"),
        (say("Make a five-second clip of a wave"), "video_generation", "video_generation"),
        (say("Write down what is said", SOUND), "audio_analysis", "transcription"),
        (say("can you sketch me a lighthouse"), "image_generation", "image_generation"),
        (say("I'd love a drawing of a lighthouse"), "image_generation", "image_generation"),
        (say("Read this in a deep voice: Good morning"), "audio_generation", "speech"),
        (say("lies mir das bitte vor: Guten Morgen"), "audio_generation", "speech"),
        (say("A six-second clip of a lighthouse in a storm"), "video_generation", "video_generation"),
        (say("get rid of the man on the left", PICTURE), "image_editing", "image_generation"),
        (
            say("no idea why\nlighthouse in a storm, matte painting, sharp focus"),
            "image_generation",
            "image_generation",
        ),
    ],
)
def test_a_wish_that_the_meta_model_confirms_is_met(request_: ChatRequest, label: str, kind: str) -> None:
    choice = choose_kind(request_, sure(label))
    assert (choice.kind, choice.is_guessed) == (kind, True)


@pytest.mark.parametrize(
    "text",
    [
        "hi",
        "Write a poem about somebody who draws a lighthouse.",
        "How do I draw a lighthouse?",
        "Draw a conclusion from these figures",
        "Draw a red octagon with turtle graphics",
        "Explain how images are generated",
        "Summarise: he said 'draw a cat'",
        "Write a video script about cats",
        "Read this and tell me what you think.",
        "How does a camera zoom?",
        "lighthouse, matte painting\nsharp focus",
        "matte painting with sharp focus: the way to explain both",
        "matte painting and what a sharp focus is",
    ],
)
def test_no_probability_sends_a_chat_astray_whose_words_ask_for_nothing(text: str) -> None:
    assert choose_kind(say(text), sure("image_generation", 1000)).kind == "chat"


def test_no_words_are_looked_for_where_no_task_of_media_is_thinkable() -> None:
    choice = choose_kind(say("Draw a lighthouse"), sure("image_generation", 9))
    assert (choice.kind, choice.reason) == ("chat", "the meta-model sees no wish for media")


def test_words_alone_are_not_enough() -> None:
    choice = choose_kind(say("Draw a lighthouse"), sure("image_generation", 299))
    assert choice.kind == "chat"
    assert choice.reason == "words ask for image_generation, but its probability 0.299 is below 0.3"


def test_a_task_without_a_measured_threshold_is_never_sent() -> None:
    unmeasured = replace(sure("image_generation"), thresholds_milli={})
    assert "no threshold" in choose_kind(say("Draw a lighthouse"), unmeasured).reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"may_answer_in_media": False}, "modalities leaves no room for media"),
        ({"tools": (Tool("draw"),)}, "tools ask for a chat model"),
    ],
)
def test_the_form_of_a_request_comes_before_its_words(changes: dict[str, object], reason: str) -> None:
    asked = replace(say("Draw a lighthouse"), **changes)  # pyright: ignore[reportArgumentType]
    assert choose_kind(asked, sure("image_generation")).reason == reason


def test_who_allows_for_pictures_alone_gets_no_other_medium() -> None:
    allowed = replace(say("Read this aloud: Good morning."), picture_settings={})
    assert (
        choose_kind(allowed, sure("audio_generation")).reason == "words ask for speech, but only pictures are allowed"
    )
    drawn = replace(say("Draw a lighthouse"), picture_settings={"size": "1024x1024"})
    assert choose_kind(drawn, sure("image_generation")).kind == "image_generation"


def test_a_document_beside_the_words_is_no_picture_to_edit() -> None:
    assert find_wish(say("Draw a lighthouse", MediaPart("file", "application/pdf", base64_data="AAAA"))) is None


def test_images_asked_for_by_modalities_are_made_whatever_is_said() -> None:
    asked = replace(say("hi"), output_modalities=("image", "text"), may_answer_in_media=False)
    choice = choose_kind(asked, sure("chat_qa"))
    assert (choice.kind, choice.is_guessed) == ("image_generation", False)


@pytest.mark.parametrize(
    ("messages", "spoken"),
    [
        ([("user", "Read this aloud: Good morning.")], "Good morning."),
        ([("user", 'Say this out loud:\n"Hello there"')], "Hello there"),
        ([("assistant", "It rains."), ("user", "Read that aloud")], "It rains."),
        ([("user", "Good morning.")], "Good morning."),
    ],
)
def test_only_what_shall_be_heard_is_spoken(messages: list[tuple[str, str]], spoken: str) -> None:
    turns = tuple(Message(role, (TextPart(text),)) for role, text in messages)  # pyright: ignore[reportArgumentType]
    assert text_to_speak(ChatRequest(turns)) == spoken


@pytest.mark.parametrize(("text", "seconds"), [("a five-second clip", 5), ("10 seconds of rain", 10), ("a clip", None)])
def test_the_length_of_a_film_is_read_from_the_words(text: str, seconds: int | None) -> None:
    assert seconds_in(text) == seconds


def test_units_are_counted_before_the_call_and_again_from_what_came() -> None:
    asked = units_asked(as_request_of_kind(replace(say("cats"), parameters={"n": 3}), "image_generation"))
    assert asked["image_output"] == 3
    two = Reply((Choice(media=(PICTURE, PICTURE)),), Usage())
    assert units_realised(asked, two)["image_output"] == 2
    assert units_asked(as_request_of_kind(say("write", SOUND), "transcription"))["second_input"] == 1.5


def test_a_film_is_charged_once_its_order_is_taken() -> None:
    asked = units_asked(as_request_of_kind(say("a 6 second clip"), "video_generation"))
    assert units_realised(asked, Reply((Choice(),), Usage()))["second_output"] == 0
    assert units_realised(asked, Reply((Choice(),), Usage(), job_id="j"))["second_output"] == 6
