"""The hard set: prompts written by hand to be evaluated on and never trained on, by kind of difficulty."""

from pathlib import Path

from training.data.examples import LICENCE, example_text, given_with, read_rows
from training.data.prompts import TaskPrompt

FILE = Path(__file__).resolve().parents[1] / "evaluation" / "hard_set.jsonl"


def read_hard_set(file: Path = FILE) -> list[TaskPrompt]:
    """The kind stands as source."""
    return [
        TaskPrompt(
            text=example_text(row),
            label=row["label"],
            labels_ok=tuple(row["labels_ok"]),
            source=row["kind"],
            language=row["lang"],
            modality_in=given_with(row["label"]),
            licence=LICENCE,
            origin=f"hard_set/{row['kind']}",
        )
        for row in read_rows(file)
    ]
