"""The ablation on tiny data: every variant has figures, and who has nothing to go by does worse."""

import numpy as np

from training.data.prompts import TaskPrompt
from training.encoder.embeddings import Embedded, join_runs
from training.evaluation.ablation import ablate
from training.heads.task_data import TaskData

LABELS = ("chat_qa", "summarization")


def make_tasks(rows: int, *, source: str) -> TaskData:
    """Only a token tells the labels apart: all else is nought."""
    targets = np.arange(rows) % 2
    prompts = [
        TaskPrompt("text", LABELS[at], (LABELS[at],), name, "en", ("text",), "", name)
        for at, name in zip(targets, [f"{source}{row % 4}" for row in range(rows)], strict=True)
    ]
    tokens = join_runs([np.array([7, 100 + target, 9]) for target in targets])
    zeros = np.zeros((rows, 4), dtype=np.float32)
    return TaskData(prompts, Embedded(zeros, zeros.astype(np.float16), zeros, tokens, tokens))


def test_bags_are_what_tells_the_labels_apart() -> None:
    tasks, hard = make_tasks(240, source="s"), make_tasks(8, source="hard")
    figures = dict(ablate(tasks, 200, hard.prompts, hard.embedded))
    assert len(figures) == 6
    assert all(0 <= figure <= 1 for row in figures.values() for figure in row)
    assert figures["shipped, without altered copies"][2] > figures["network on embedding and surface"][2]
