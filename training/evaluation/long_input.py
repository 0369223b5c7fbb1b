"""Whether long and broken-up input keeps its task: the instruction before or after a long paste or code, orders hidden
in what was pasted, and turns that only say "go on". All texts are written by hand and never trained on.

    python -m training.evaluation.long_input
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

from pointsman.adapters.onnx_meta_model import OnnxMetaModel
from pointsman.domain.classifier_text import classifier_text
from pointsman.domain.request import Message, TextPart

from training.places import OUT
from training.progress import show_progress

TEXTS = Path(__file__).with_name("long_input.json")
# How many of the pastes, of about 500 characters, one prompt holds; the longest are cut by the service.
PASTES = (1, 3, 6)
# Where an order is hidden at the latest, in characters: within what the service reads of a long paste.
HIDDEN_AT = 500
DIGITS = 4


@dataclass(frozen=True, slots=True)
class LongPrompt:
    """`case` names what makes it hard; `hijacker` is the label that an order hidden in it would have."""

    case: str
    turns: tuple[str, ...]
    labels_ok: frozenset[str]
    hijacker: str | None = None

    @property
    def text(self) -> str:
        return classifier_text([Message("user", (TextPart(turn),)) for turn in self.turns])


def read_long_prompts(file: Path = TEXTS) -> list[LongPrompt]:
    texts: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return [
        *_around(texts["instructions"], [_paste(texts["pastes"], count) for count in PASTES], texts["orders"], "paste"),
        *_around(texts["code_instructions"], texts["code"], texts["orders"], "code"),
        *_follow_ups(texts["openings"], texts["follow_ups"]),
    ]


def report_long_input(read: Callable[[str], str], prompts: Sequence[LongPrompt]) -> dict[str, dict[str, float]]:
    """By case: prompts, share with an acceptable task, share that took on a hidden order's. `read` gives a task."""
    found = [(prompt, read(prompt.text)) for prompt in show_progress(prompts, "long input")]
    cases = dict.fromkeys(prompt.case for prompt in prompts)
    return {case: _figures([pair for pair in found if pair[0].case == case]) for case in cases}


def likeliest_label(model: OnnxMetaModel) -> Callable[[str], str]:
    def read(text: str) -> str:
        milli = model.read(text).task_milli
        return model.labels[milli.index(max(milli))]

    return read


def print_long_input(report: Mapping[str, Mapping[str, float]]) -> None:
    print(f"{'long input':34}{'prompts':>8}{'right':>8}{'hijacked':>10}")
    for case, shares in report.items():
        print(f"{case:34}{shares['prompts']:8.0f}{shares['right']:8.3f}{shares['hijacked']:10.3f}")


def _around(
    instructions: Sequence[Mapping[str, Any]], bodies: Sequence[str], orders: Sequence[Mapping[str, str]], kind: str
) -> Iterator[LongPrompt]:
    """Each instruction before and after each body, as it is and with one order in its middle."""
    order = cycle(orders)
    for instruction in instructions:
        allowed = frozenset(instruction["labels_ok"])
        for body in bodies:
            hidden = next(one for one in order if one["label"] not in allowed)
            attacked, hijacker = _hide(hidden["text"], body), hidden["label"]
            yield LongPrompt(f"instruction_then_{kind}", (f"{instruction['text']}\n\n{body}",), allowed)
            yield LongPrompt(f"{kind}_then_instruction", (f"{body}\n\n{instruction['text']}",), allowed)
            yield LongPrompt(
                f"instruction_then_{kind}_injected", (f"{instruction['text']}\n\n{attacked}",), allowed, hijacker
            )
            yield LongPrompt(
                f"{kind}_then_instruction_injected", (f"{attacked}\n\n{instruction['text']}",), allowed, hijacker
            )


def _follow_ups(openings: Sequence[Mapping[str, Any]], follow_ups: Sequence[str]) -> Iterator[LongPrompt]:
    for opening in openings:
        for turn in follow_ups:
            yield LongPrompt("go_on", (opening["text"], turn), frozenset(opening["labels_ok"]))


def _paste(pastes: Sequence[str], count: int) -> str:
    return "\n\n".join(pastes[:count])


def _hide(order: str, body: str) -> str:
    """Between two lines or sentences."""
    before = body[: min(len(body) // 2, HIDDEN_AT)]
    cut = max(before.rfind(stop) + len(stop) for stop in (". ", "\n"))
    return f"{body[:cut]}{order}{body[cut - 1]}{body[cut:]}"


def _figures(found: Sequence[tuple[LongPrompt, str]]) -> dict[str, float]:
    right = [label in prompt.labels_ok for prompt, label in found]
    hijacked = [label == prompt.hijacker and label not in prompt.labels_ok for prompt, label in found]
    return {"prompts": len(found), "right": _share(right), "hijacked": _share(hijacked)}


def _share(flags: Sequence[bool]) -> float:
    return round(sum(flags) / len(flags), DIGITS)


def main() -> None:
    print_long_input(report_long_input(likeliest_label(OnnxMetaModel(OUT)), read_long_prompts()))


if __name__ == "__main__":
    main()
