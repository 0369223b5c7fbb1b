import pytest

from training.data.examples import FOLDER, example_text, read_rows
from training.evaluation.long_input import LongPrompt, read_long_prompts, report_long_input
from training.evaluation.task_report import ROUTES

PROMPTS = read_long_prompts()


def test_an_injected_prompt_holds_one_order_more_than_the_same_without() -> None:
    plain = {prompt.text for prompt in PROMPTS if prompt.hijacker is None}
    attacked = [prompt for prompt in PROMPTS if prompt.hijacker]
    assert attacked
    for prompt in attacked:
        assert prompt.text not in plain
        assert prompt.hijacker not in prompt.labels_ok


def test_labels_are_known() -> None:
    assert {label for prompt in PROMPTS for label in prompt.labels_ok} <= ROUTES.keys()
    assert {prompt.hijacker for prompt in PROMPTS if prompt.hijacker} <= ROUTES.keys()


def test_what_is_judged_by_is_never_trained_on() -> None:
    trained = {example_text(row) for file in FOLDER.glob("*.jsonl") for row in read_rows(file)}
    assert not trained & {prompt.text for prompt in PROMPTS}


@pytest.mark.parametrize(
    ("answer", "right", "hijacked"), [("summarization", 1.0, 0.0), ("roleplay", 0.0, 1.0), ("chat_qa", 0.0, 0.0)]
)
def test_shares_tell_right_from_hijacked(answer: str, right: float, hijacked: float) -> None:
    prompt = LongPrompt("case", ("text",), frozenset({"summarization"}), "roleplay")
    figures = report_long_input(lambda _: answer, [prompt])["case"]
    assert (figures["prompts"], figures["right"], figures["hijacked"]) == (1, right, hijacked)
