"""Prompts written by hand for this project: read from training/examples, slots filled with real material.

The public task data is built from few templates; these show how people really ask. One file is one source.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

from pointsman.domain.classifier_text import classifier_text
from pointsman.domain.request import Message, TextPart
from pointsman.domain.task import WORKS_WITH

from training.data.material import Material, collect_material
from training.data.prompts import TaskPrompt

FOLDER = Path(__file__).resolve().parents[1] / "examples"
LICENCE = "as the project"
# A line with slots is read this often, with other material each time.
FILLINGS = 4
_SLOT = re.compile(r"\{\{(\w+)\}\}")


def read_examples(tasks: Sequence[TaskPrompt], *, seed: int, folder: Path = FOLDER) -> list[TaskPrompt]:
    """All examples in order of file and line; `tasks` lend the material for the slots."""
    material = collect_material(tasks)
    randoms = {file: Random(f"{seed} {file.stem}") for file in sorted(folder.glob("*.jsonl"))}
    return [
        filled
        for file, random in randoms.items()
        for row in read_rows(file)
        for filled in _fill(row, file.stem, material, random)
    ]


def read_rows(file: Path) -> Iterator[Mapping[str, Any]]:
    """Raises ValueError that names file and line of a row that is not a labelled prompt."""
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            row = json.loads(line)
            if missing := {"label", "labels_ok", "lang"} - row.keys():
                raise ValueError(f"{file.name}:{number} has no {', '.join(sorted(missing))}")
            if not row.keys() & {"text", "turns"}:
                raise ValueError(f"{file.name}:{number} has neither text nor turns")
            yield row


def example_text(row: Mapping[str, Any], fill: Callable[[str], str] = str) -> str:
    """Conversations are brought to the one text that the service would read."""
    if "text" in row:
        return fill(row["text"])
    return classifier_text([Message("user", (TextPart(fill(turn)),)) for turn in row["turns"]])


def given_with(label: str) -> tuple[str, ...]:
    """What comes with a prompt of this label, as in the public data: who asks about a picture attaches it."""
    return ("text", WORKS_WITH[label]) if label in WORKS_WITH else ("text",)


def _fill(row: Mapping[str, Any], source: str, material: Material, random: Random) -> Iterator[TaskPrompt]:
    choose: Callable[[re.Match[str]], str] = lambda slot: random.choice(material.of(slot[1], row["lang"]))  # noqa: E731
    fill: Callable[[str], str] = lambda text: _SLOT.sub(choose, text)  # noqa: E731
    for _ in range(FILLINGS if _SLOT.search(example_text(row)) else 1):
        yield TaskPrompt(
            text=example_text(row, fill),
            label=row["label"],
            labels_ok=tuple(row["labels_ok"]),
            source=f"examples/{source}",
            language=row["lang"],
            modality_in=given_with(row["label"]),
            licence=LICENCE,
            origin=f"examples/{source}",
        )
