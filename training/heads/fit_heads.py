"""Fits all heads on given rows of the two data sets. Knows no files and keeps nothing back for itself."""

from dataclasses import dataclass

import numpy as np

from training.arrays import Flags
from training.data.outcome_blocks import build_blocks, outcome_model
from training.data.prompts import OutcomePrompts, Outcomes
from training.encoder.embeddings import Embedded
from training.heads.all_heads import Heads
from training.heads.familiarity import fit_fading, fit_familiarity
from training.heads.features import find_landmarks, fit_feature_space
from training.heads.length_head import fit_length_head, prompt_lengths
from training.heads.quality_head import QualitySettings
from training.heads.task_data import TaskData
from training.heads.task_head import TaskHead
from training.heads.transfer import fit_transferable_head
from training.progress import say

# Evaluated on, never trained on: its licence forbids commercial use.
LEAVE_OUT = ("alpaca_eval2",)
PROMPT_LANDMARKS = 512


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


def fit_heads(task: TaskHead, tasks: TaskData, outcomes: OutcomeData, *, rows: Flags, seed: int) -> Heads:
    """`rows` of the outcome prompts are trained on; task prompts only say what is no strange prompt."""
    rows = rows & ~np.isin(outcomes.prompts.sources, LEAVE_OUT)
    embedded = outcomes.embedded.take(np.flatnonzero(rows))
    space = fit_feature_space(embedded, seed=seed)
    features = space.features(outcomes.embedded)
    say("quality head")
    quality = fit_transferable_head(
        features,
        build_blocks(outcomes.prompts, outcomes.outcomes, outcomes.models, rows=rows, leave_out=LEAVE_OUT),
        outcomes.prompts.benchmarks,
        models=len(outcomes.models),
        settings=QualitySettings(seed=seed),
        stiffness=space.stiffness,
    )
    plain = space.plain(outcomes.embedded)
    lengths = prompt_lengths(outcomes.outcomes, rows=rows, leave_out=LEAVE_OUT)
    vectors = np.vstack([embedded.vectors, tasks.embedded.vectors])
    return Heads(
        space=space,
        task=task,
        quality=quality,
        length=fit_length_head(plain, outcomes.prompts, lengths, rows=rows),
        known_outcomes=fit_fading(embedded.vectors, space.landmarks),
        known_prompts=fit_familiarity(vectors, find_landmarks(vectors, count=PROMPT_LANDMARKS, seed=seed)),
    )
