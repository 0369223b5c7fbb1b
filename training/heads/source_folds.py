"""Task heads tested on sources that they never saw: whole sources are left out, never rows."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from training.arrays import Floats, Integers
from training.data.prompts import TaskPrompt
from training.heads.task_head import TaskSettings, fit_task_head
from training.progress import show_progress

FOLDS = 6


def source_folds(prompts: Sequence[TaskPrompt], folds: int = FOLDS) -> Integers:
    """A fold number per prompt, whole sources in one fold, folds about equally large."""
    sizes = Counter(prompt.origin for prompt in prompts)
    loads, fold_of = [0] * folds, dict[str, int]()
    for source, size in sorted(sizes.items(), key=lambda entry: (-entry[1], entry[0])):
        fold_of[source] = loads.index(min(loads))
        loads[fold_of[source]] += size
    return np.array([fold_of[prompt.origin] for prompt in prompts])


def cross_source_log_odds(
    features: Floats, prompts: Sequence[TaskPrompt], *, labels: tuple[str, ...], settings: TaskSettings
) -> Floats:
    """For each prompt the log odds of a head that saw nothing of its source."""
    folds = source_folds(prompts)
    log_odds = np.zeros((len(prompts), len(labels)), dtype=np.float32)
    for fold in show_progress(sorted(set(folds.tolist())), "tasks, sources left out"):
        seen, unseen = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        head = fit_task_head(features[seen], [prompts[int(row)] for row in seen], labels=labels, settings=settings)
        log_odds[unseen] = head.log_odds(features[unseen])
    return log_odds
