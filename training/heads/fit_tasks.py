"""Fits the task head on all prompts, and once more per fold for what it says of sources that it never saw."""

from dataclasses import dataclass, replace

import numpy as np

from training.arrays import Floats
from training.heads.source_folds import cross_source_log_odds
from training.heads.task_data import TaskData
from training.heads.task_features import fit_task_space
from training.heads.task_head import TaskHead, TaskRecipe, find_sharpness, fit_task_head
from training.progress import say


@dataclass(frozen=True, slots=True)
class FittedTasks:
    """The head, and the held-out log odds of every task prompt that its sharpness was set on."""

    head: TaskHead
    log_odds: Floats


def fit_tasks(tasks: TaskData, *, seed: int) -> FittedTasks:
    recipe = TaskRecipe(tasks.labels, fit_task_space(tasks.embedded), seed)
    features = recipe.space.features(tasks.embedded)
    log_odds = cross_source_log_odds(features, tasks.prompts, recipe)
    say("task head")
    head = fit_task_head(features, tasks.prompts, recipe)
    judged = np.isfinite(log_odds[:, 0])
    return FittedTasks(replace(head, sharpness=find_sharpness(log_odds[judged], tasks.targets()[judged])), log_odds)
