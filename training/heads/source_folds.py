"""Task heads tested on sources that they never saw: whole families of sources are left out, never rows.

Templates are always trained on and never judged by: so every label keeps a source, and who learns only the
templates gets no credit for it.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from training.arrays import Floats, Integers
from training.data.material import TEMPLATES
from training.data.prompts import TaskPrompt
from training.heads.task_features import TaskFeatures
from training.heads.task_head import TaskRecipe, fit_task_head
from training.progress import show_progress

FOLDS = 4
ALWAYS_TRAINED_ON = -1
# Sources made from the same texts, or in the same way, are one family: pattern by name of the family.
FAMILIES: Mapping[str, str] = {
    "templates": re.escape(TEMPLATES) + "|examples/templates_",
    "school maths": r"gsm|grade-school",
    "exams": r"mmlu|ceval|gpqa|arc|openbook|qasc|sciq",
    "commonsense": r"commonsense|cos_e|cosmos",
    "coding puzzles": r"mbpp|human_?eval|javascript",
    "competitions": r"math",
    "xquad": r"xquad",
    "entities": r"entity-recognition",
    "seeds": r"seed_tasks",
    "trivia": r"trivia|natural_qa|wiki$",
    "news": r":cnn|:xsum|:gigaword|:multi",
    "reviews": r":amazon|:yelp|:imdb|:rotten|:app",
    "reading": r":adversarial|:duorc|:quoref|:ropes|:dream|:quail",
}


def source_folds(prompts: Sequence[TaskPrompt], folds: int = FOLDS) -> Integers:
    """A fold number per prompt, whole families in one fold, folds about equally large; templates have none."""
    sizes = Counter(_family(prompt.origin) for prompt in prompts)
    loads, fold_of = [0] * folds, {"templates": ALWAYS_TRAINED_ON}
    for family, size in sorted(sizes.items(), key=lambda entry: (-entry[1], entry[0])):
        if family not in fold_of:
            fold_of[family] = loads.index(min(loads))
            loads[fold_of[family]] += size
    return np.array([fold_of[_family(prompt.origin)] for prompt in prompts])


def cross_source_log_odds(features: TaskFeatures, prompts: Sequence[TaskPrompt], recipe: TaskRecipe) -> Floats:
    """For each prompt the log odds of a head that saw nothing of its family; not-a-number for templates."""
    folds = source_folds(prompts)
    log_odds = np.full((len(prompts), len(recipe.labels)), np.nan, dtype=np.float32)
    for fold in show_progress(range(max(folds) + 1), "tasks, sources left out"):
        seen, unseen = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        head = fit_task_head(features.take(seen), [prompts[int(row)] for row in seen], recipe)
        log_odds[unseen] = head.log_odds(features.take(unseen))
    return log_odds


def _family(origin: str) -> str:
    return next((name for name, pattern in FAMILIES.items() if re.search(pattern, origin)), origin)
