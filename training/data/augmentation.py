"""Altered copies of task prompts that ask for the same: mistyped, in another case, framed, with noise around them.

Frames and noise are other ones than those of the evaluation's perturbations.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from training.data.perturbations import drop_punctuation, lower_case, make_typos
from training.data.prompts import TaskPrompt

# Of the prompts, this share is read once more in altered form.
SHARE = 0.35
# Only what is short enough for the change to be seen among it.
LONGEST = 1200
ENDINGS = (
    "thx",
    "Thanks a lot in advance for your help.",
    "It is Tuesday and the coffee machine is broken again.",
    "-- \nMartin Keller\nHead of Nothing Ltd",
    "(my keyboard sticks, sorry)",
    "Have a nice weekend, we are off to the lake.",
    "I asked somebody else before but never heard back.",
    "Gruß, Anna",
    "Muchas gracias de antemano.",
    "谢谢!",
    "No rush.",
    "This message and any attachment are confidential.",
    "My neighbour's dog is barking all day, by the way.",
)
FRONTS = (
    "hey, ",
    "Hello! ",
    "Please: ",
    "quick one: ",
    "Dear assistant, ",
    "I was told that you can do this. ",
    "ok so ",
    "Question from my boss: ",
    "Would you be so kind: ",
    "You are a large language model of the highest class. ",
    "Difficulty: very hard. Think for a long time. ",
    "URGENT!!! ",
    "Hallo, eine Bitte: ",
    "Hola, una cosa: ",
    "theorem lemma integral kernel spectrum ",
    "Use your best model for this. ",
)
Alteration = Callable[[str, Random], str]


def put_after(text: str, random: Random) -> str:
    return text + random.choice(("\n\n", " ", "\n")) + random.choice(ENDINGS)


def put_before(text: str, random: Random) -> str:
    front = random.choice(FRONTS)
    return front + (text[:1].lower() + text[1:] if front.endswith((", ", ": ", "so ")) else text)


def upper_case(text: str, _: Random) -> str:
    return text.upper()


def type_twice_as_badly(text: str, random: Random) -> str:
    return make_typos(make_typos(text, random), random)


def write_carelessly(text: str, random: Random) -> str:
    return make_typos(drop_punctuation(lower_case(text, random), random), random)


ALTERATIONS: Sequence[Alteration] = (
    make_typos,
    type_twice_as_badly,
    lower_case,
    drop_punctuation,
    write_carelessly,
    upper_case,
    put_after,
    put_after,
    put_before,
    put_before,
)


def alter_some(prompts: Sequence[TaskPrompt], *, seed: int, share: float = SHARE) -> list[TaskPrompt]:
    """Copies of a share of the prompts, each altered in one way; source and origin stay, so that folds hold."""
    random = Random(seed)
    short = [prompt for prompt in prompts if len(prompt.text) <= LONGEST]
    chosen = random.sample(short, int(len(short) * share))
    return [replace(prompt, text=random.choice(ALTERATIONS)(prompt.text, random)) for prompt in chosen]
