"""Fits all heads on given rows of the two data sets. Knows no files and keeps nothing back for itself."""

from dataclasses import dataclass, replace

import numpy as np

from training.arrays import Flags, Floats, Integers
from training.data.outcome_blocks import build_blocks, outcome_model
from training.data.prompts import OutcomePrompts, Outcomes, TaskPrompt
from training.encoder.embeddings import Embedded
from training.heads.all_heads import Heads
from training.heads.familiarity import fit_familiarity
from training.heads.features import FeatureSpace, find_landmarks, fit_feature_space
from training.heads.length_head import fit_length_head, prompt_lengths
from training.heads.quality_head import QualitySettings, fit_quality_head
from training.heads.source_folds import cross_source_log_odds
from training.heads.task_head import TaskHead, TaskSettings, find_sharpness, fit_task_head
from training.progress import say

# Evaluated on, never trained on: its licence forbids commercial use.
LEAVE_OUT = ("alpaca_eval2",)
OUTCOME_LANDMARKS, PROMPT_LANDMARKS = 256, 512


@dataclass(frozen=True, slots=True)
class TaskData:
    prompts: list[TaskPrompt]
    embedded: Embedded

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(sorted({prompt.label for prompt in self.prompts}))

    def targets(self) -> Integers:
        number_of = {label: number for number, label in enumerate(self.labels)}
        return np.array([number_of[prompt.label] for prompt in self.prompts])

    def acceptable(self) -> list[set[int]]:
        number_of = {label: number for number, label in enumerate(self.labels)}
        return [{number_of[label] for label in prompt.labels_ok if label in number_of} for prompt in self.prompts]


@dataclass(frozen=True, slots=True)
class OutcomeData:
    prompts: OutcomePrompts
    outcomes: Outcomes
    embedded: Embedded

    @property
    def models(self) -> list[str]:
        return sorted(
            {outcome_model(*key) for key in set(zip(self.outcomes.sources, self.outcomes.models, strict=True))}
        )


@dataclass(frozen=True, slots=True)
class FittedHeads:
    """The heads, and the held-out-source log odds of every task prompt that the sharpness was set on."""

    heads: Heads
    task_log_odds: Floats


def fit_heads(tasks: TaskData, outcomes: OutcomeData, *, rows: Flags, seed: int) -> FittedHeads:
    """`rows` of the outcome prompts are trained on; all task prompts are."""
    rows = rows & ~np.isin(outcomes.prompts.sources, LEAVE_OUT)
    embedded = outcomes.embedded.take(np.flatnonzero(rows))
    space = fit_feature_space(embedded, landmarks=OUTCOME_LANDMARKS, seed=seed)
    features = space.features(outcomes.embedded)
    say("quality head")
    quality = fit_quality_head(
        features,
        build_blocks(outcomes.prompts, outcomes.outcomes, outcomes.models, rows=rows, leave_out=LEAVE_OUT),
        models=len(outcomes.models),
        settings=QualitySettings(seed=seed),
    )
    plain = features[:, : space.plain_size]
    lengths = prompt_lengths(outcomes.outcomes, rows=rows, leave_out=LEAVE_OUT)
    vectors = np.vstack([embedded.vectors, tasks.embedded.vectors])
    task, log_odds = _fit_tasks(tasks, space)
    heads = Heads(
        space=space,
        task=task,
        quality=quality,
        length=fit_length_head(plain, outcomes.prompts, lengths, rows=rows),
        known_outcomes=fit_familiarity(embedded.vectors, space.landmarks),
        known_prompts=fit_familiarity(vectors, find_landmarks(vectors, count=PROMPT_LANDMARKS, seed=seed)),
    )
    return FittedHeads(heads, log_odds)


def _fit_tasks(tasks: TaskData, space: FeatureSpace) -> tuple[TaskHead, Floats]:
    features = space.features(tasks.embedded)[:, : space.plain_size]
    settings = TaskSettings()
    log_odds = cross_source_log_odds(features, tasks.prompts, labels=tasks.labels, settings=settings)
    say("task head")
    head = fit_task_head(features, tasks.prompts, labels=tasks.labels, settings=settings)
    return replace(head, sharpness=find_sharpness(log_odds, tasks.targets())), log_odds
