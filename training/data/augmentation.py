"""Altered copies of task prompts that ask for the same: mistyped, framed, with noise around them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from training.data.noise import draw_end, draw_frame, draw_front
from training.data.perturbations import drop_punctuation, make_typos
from training.data.prompts import TaskPrompt

# How often a prompt is read once more in altered form.
COPIES = 2
# Only what is short enough for the change to be seen among it.
LONGEST = 1200
Alteration = Callable[[TaskPrompt, Random], str]


def put_before(prompt: TaskPrompt, random: Random) -> str:
    front, text = draw_front(random), prompt.text
    return front + (text[:1].lower() + text[1:] if front.endswith((", ", ": ")) else text)


def put_after(prompt: TaskPrompt, random: Random) -> str:
    return prompt.text + random.choice(("\n\n", " ", "\n")) + draw_end(random)


def put_into_frame(prompt: TaskPrompt, random: Random) -> str:
    before, after = draw_frame(prompt.language, random)
    return before + prompt.text + after


def mistype(prompt: TaskPrompt, random: Random) -> str:
    return make_typos(prompt.text, random)


def mistype_twice(prompt: TaskPrompt, random: Random) -> str:
    return make_typos(mistype(prompt, random), random)


def without_punctuation(prompt: TaskPrompt, random: Random) -> str:
    return drop_punctuation(prompt.text, random)


def carelessly(prompt: TaskPrompt, random: Random) -> str:
    return make_typos(drop_punctuation(prompt.text, random), random)


def surrounded(prompt: TaskPrompt, random: Random) -> str:
    return put_before(replace(prompt, text=put_after(prompt, random)), random)


ALTERATIONS: Sequence[Alteration] = (
    *(put_before,) * 6,
    *(put_after,) * 5,
    *(put_into_frame,) * 3,
    *(surrounded,) * 2,
    *(mistype,) * 2,
    *(mistype_twice,) * 2,
    without_punctuation,
    carelessly,
)


def alter_some(prompts: Sequence[TaskPrompt], *, seed: int, copies: int = COPIES) -> list[TaskPrompt]:
    """Copies of what is short enough, each altered in one way; source and origin stay, so that folds hold.

    What becomes of a prompt depends on it and the seed alone, not on the prompts beside it.
    """
    short = [prompt for prompt in prompts if len(prompt.text) <= LONGEST]
    return [_alter(prompt, Random(f"{seed} {copy} {prompt.text}")) for copy in range(copies) for prompt in short]


def _alter(prompt: TaskPrompt, random: Random) -> TaskPrompt:
    return replace(prompt, text=random.choice(ALTERATIONS)(prompt, random), is_altered=True)
