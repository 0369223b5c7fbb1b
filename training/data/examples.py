"""Prompts written by hand for this project: read from training/examples, slots filled with real material.

The public task data is built from few templates; these show how people really ask. One file is one source.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

from training.data.prompts import TaskPrompt

FOLDER = Path(__file__).resolve().parents[1] / "examples"
LICENCE = "as the project"
# A line with slots is read this often, with other material each time.
FILLINGS = 3
_SLOT = re.compile(r"\{\{(passage|code|question|sentence)\}\}")

Material = Mapping[str, Sequence[str]]


def read_examples(tasks: Sequence[TaskPrompt], *, seed: int, folder: Path = FOLDER) -> list[TaskPrompt]:
    """All examples in order of file and line; `tasks` lend the material for the slots."""
    material, random = collect_material(tasks), Random(seed)
    return [
        filled
        for file in sorted(folder.glob("*.jsonl"))
        for row in read_rows(file)
        for filled in _fill(row, file.stem, material, random)
    ]


def read_rows(file: Path) -> Iterator[Mapping[str, Any]]:
    """Raises ValueError that names file and line of a row that is not a labelled prompt."""
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            row = json.loads(line)
            if missing := {"text", "label", "labels_ok", "lang"} - row.keys():
                raise ValueError(f"{file.name}:{number} has no {', '.join(sorted(missing))}")
            yield row


def collect_material(tasks: Sequence[TaskPrompt]) -> Material:
    """English paragraphs, questions, sentences and code out of prompts whose form is known."""
    return {
        "passage": _between(tasks, "deepmind/xquad", r"(?:\w+: )?([^\n]{250,1500})"),
        "question": _between(tasks, "deepmind/xquad:question-only", r"(.+)"),
        "sentence": _between(tasks, "facebookresearch/LASER:tatoeba", r"(.+)"),
        "code": _between(tasks, "local stdlib/npm code + templates", r"\n(.{80,1200})"),
    }


def _between(tasks: Sequence[TaskPrompt], source: str, pattern: str) -> list[str]:
    own = (task.text for task in tasks if task.source == source and task.language == "en")
    found = (re.search(pattern, text, re.DOTALL) for text in own)
    return list(dict.fromkeys(match[1].strip() for match in found if match))


def _fill(row: Mapping[str, Any], source: str, material: Material, random: Random) -> Iterator[TaskPrompt]:
    choose: Callable[[re.Match[str]], str] = lambda slot: random.choice(material[slot[1]])  # noqa: E731
    for _ in range(FILLINGS if _SLOT.search(row["text"]) else 1):
        yield TaskPrompt(
            text=_SLOT.sub(choose, row["text"]),
            label=row["label"],
            labels_ok=tuple(row["labels_ok"]),
            source=f"examples/{source}",
            language=row["lang"],
            modality_in=("text",),
            licence=LICENCE,
        )
