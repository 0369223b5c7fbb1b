"""From which probability on the word of the task head is right often enough to answer by another kind of model.

Measured on sources that the head never saw.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from pointsman.domain.media_task import HEAD_CHARS, MEDIA_TASKS, MediaTask
from pointsman.domain.task import NEEDS_INPUT, weigh_tasks

from training.arrays import Flags, Floats
from training.data.prompts import TaskPrompt
from training.heads.softmax_regression import log_softmax

WANTED_PRECISION = 0.95
# Who wishes for something rarely means another thing in the data, so that low thresholds look safe: not below this.
LEAST_MILLI = 300
# Where fewer prompts lie above a threshold, its precision is not known.
FEWEST_PROMPTS = 20


def media_thresholds_milli(
    log_odds: Floats, labels: tuple[str, ...], prompts: Sequence[TaskPrompt], *, sharpness: float
) -> dict[str, int]:
    """By name of a media task; a task whose precision is never reached is left out."""
    chances = np.exp(log_softmax((sharpness * log_odds).astype(np.float32)))
    found = {task.name: _threshold(task, chances, labels, prompts) for task in MEDIA_TASKS}
    return {name: max(threshold, LEAST_MILLI) for name, threshold in found.items() if threshold is not None}


def _threshold(task: MediaTask, chances: Floats, labels: tuple[str, ...], prompts: Sequence[TaskPrompt]) -> int | None:
    rows = [row for row, prompt in enumerate(prompts) if NEEDS_INPUT.get(prompt.label) == task.attached]
    asked = [row for row in rows if task.wish.search(prompts[row].text.lower().strip()[:HEAD_CHARS])]
    # The head's word is asked for only where the words wish for it; where the data hold few such, all must do.
    rows = asked if len(asked) >= FEWEST_PROMPTS else rows
    right: Flags = np.array([bool({*prompts[row].labels_ok} & {*task.labels}) for row in rows])
    scores = np.array([_score(task, chances[row], labels) for row in rows])
    return _lowest_precise(scores, right)


def _score(task: MediaTask, chances: Floats, labels: tuple[str, ...]) -> int:
    attachments: Any = frozenset({"text", task.attached} - {None})
    milli = weigh_tasks([int(value) for value in np.rint(chances * 1000)], labels, attachments)
    return sum(probability for label, probability in zip(labels, milli, strict=True) if label in task.labels)


def _lowest_precise(scores: Floats, right: Flags) -> int | None:
    """The lowest threshold at and above which every further one keeps the wanted precision."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero((hits < WANTED_PRECISION)[FEWEST_PROMPTS - 1 :])
    last = (int(good[0]) if len(good) else len(order) - FEWEST_PROMPTS + 1) + FEWEST_PROMPTS - 2
    return int(scores[order[last]]) + 1 if last >= FEWEST_PROMPTS - 1 else None
