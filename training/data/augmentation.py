"""Altered copies of task prompts that ask for the same: mistyped, in another case, framed, with noise around them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from training.data.noise import draw_end, draw_frame, draw_front
from training.data.perturbations import drop_punctuation, lower_case, make_typos
from training.data.prompts import TaskPrompt

# Of the prompts, this share is read once more in altered form.
SHARE = 0.7
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


def in_lower_case(prompt: TaskPrompt, random: Random) -> str:
    return lower_case(prompt.text, random)


def in_upper_case(prompt: TaskPrompt, _: Random) -> str:
    return prompt.text.upper()


def without_punctuation(prompt: TaskPrompt, random: Random) -> str:
    return drop_punctuation(prompt.text, random)


def carelessly(prompt: TaskPrompt, random: Random) -> str:
    return make_typos(drop_punctuation(lower_case(prompt.text, random), random), random)


def surrounded(prompt: TaskPrompt, random: Random) -> str:
    return put_before(replace(prompt, text=put_after(prompt, random)), random)


ALTERATIONS: Sequence[Alteration] = (
    *(put_before,) * 6,
    *(put_after,) * 3,
    *(put_into_frame,) * 3,
    surrounded,
    mistype,
    mistype_twice,
    in_lower_case,
    in_lower_case,
    in_upper_case,
    without_punctuation,
    carelessly,
)


def alter_some(prompts: Sequence[TaskPrompt], *, seed: int, share: float = SHARE) -> list[TaskPrompt]:
    """Copies of a share of the prompts, each altered in one way; source and origin stay, so that folds hold."""
    random = Random(seed)
    short = [prompt for prompt in prompts if len(prompt.text) <= LONGEST]
    chosen = random.sample(short, int(len(short) * share))
    return [replace(prompt, text=random.choice(ALTERATIONS)(prompt, random)) for prompt in chosen]
