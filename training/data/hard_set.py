"""The hard set: prompts written by hand to be evaluated on and never trained on, by kind of difficulty."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pointsman.domain.classifier_text import classifier_text
from pointsman.domain.request import Message, TextPart

from training.data.examples import LICENCE, read_rows
from training.data.prompts import TaskPrompt

FILE = Path(__file__).resolve().parents[1] / "evaluation" / "hard_set.jsonl"


def read_hard_set(file: Path = FILE) -> list[TaskPrompt]:
    """The kind stands as source. Conversations are brought to the one text that the service would read."""
    return [
        TaskPrompt(
            text=_text(row),
            label=row["label"],
            labels_ok=tuple(row["labels_ok"]),
            source=row["kind"],
            language=row["lang"],
            modality_in=("text",),
            licence=LICENCE,
            origin=f"hard_set/{row['kind']}",
        )
        for row in read_rows(file)
    ]


def _text(row: Mapping[str, Any]) -> str:
    if "text" in row:
        return str(row["text"])
    return classifier_text([Message("user", (TextPart(turn),)) for turn in row["turns"]])
