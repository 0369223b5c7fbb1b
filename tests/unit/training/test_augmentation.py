from random import Random

import pytest

from training.data.augmentation import ALTERATIONS, LONGEST, alter_some
from training.data.noise import draw_end, draw_frame, draw_front
from training.data.perturbations import CONFOUNDERS, FRAMES, IRRELEVANT
from training.data.prompts import TaskPrompt

TEXT = "Write a poem, please."


def prompt(text: str) -> TaskPrompt:
    return TaskPrompt(text, "creative_writing", ("creative_writing",), "s", "en", (), "MIT", "o")


@pytest.mark.parametrize("alter", set(ALTERATIONS))
def test_an_altered_prompt_still_holds_most_of_its_letters(alter: object) -> None:
    changed = alter(prompt(TEXT), Random(4)) if callable(alter) else ""
    assert changed != TEXT
    assert len(set(TEXT.lower()) & set(str(changed).lower())) > 0.8 * len(set(TEXT.lower()))


def test_every_prompt_is_copied_and_its_copies_keep_label_and_origin() -> None:
    altered = alter_some([prompt(f"{TEXT} {number}") for number in range(20)], seed=1, copies=2)
    assert len(altered) == 40
    assert {(copy.label, copy.origin) for copy in altered} == {("creative_writing", "o")}


def test_a_copy_does_not_hang_on_the_prompts_beside_it() -> None:
    alone, beside = (alter_some([*others, prompt(TEXT)], seed=1) for others in ([], [prompt("Name a river.")]))
    assert {copy.text for copy in alone} < {copy.text for copy in beside}


def test_long_prompts_are_left_alone() -> None:
    assert alter_some([prompt("x" * (LONGEST + 1))] * 4, seed=1) == []


def test_noise_differs_from_draw_to_draw() -> None:
    random = Random(1)
    for draw in (draw_front, draw_end):
        assert len({draw(random) for _ in range(60)}) > 30


def test_a_frame_is_of_the_prompts_language_or_english() -> None:
    assert {draw_frame("cy", Random(seed)) for seed in range(40)} <= {draw_frame("en", Random(s)) for s in range(400)}
    assert not {draw_frame("zh", Random(seed)) for seed in range(40)} & {draw_frame("en", Random(s)) for s in range(40)}


def test_noise_of_the_evaluation_is_never_trained_on() -> None:
    random = Random(1)
    drawn = {draw(random) for draw in (draw_front, draw_end) for _ in range(3000)}
    drawn |= {f"{before}{{}}{after}" for before, after in (draw_frame("en", random) for _ in range(300))}
    assert not drawn & {*IRRELEVANT, *CONFOUNDERS, *FRAMES}
