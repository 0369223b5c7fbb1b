"""Outcomes as the finished meta-model sees them: what it reads in a sample of prompts, beside the models' scores.

Goes through the shipped graph, so that whatever is fitted here fits what the service will read.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pointsman.application.ports import MetaModel

from training.arrays import Integers, Names
from training.data.outcome_blocks import outcome_model
from training.data.prompts import OutcomePrompts, Outcomes
from training.encoder.embeddings import prompt_text
from training.heads.fit_heads import LEAVE_OUT
from training.progress import show_progress

# So many prompts of one benchmark tell its models' abilities about as well as all of them.
MOST_PER_BENCHMARK = 60


@dataclass(frozen=True, slots=True)
class OutcomeItems:
    """a [n, d], b [n] and family of n prompts; answers as `prompt` (row of a), `model` (number in models), `score`."""

    discrimination: NDArray[np.float64]
    difficulty: NDArray[np.float64]
    families: Names
    models: list[str]
    prompt: Integers
    model: Integers
    score: NDArray[np.float64]


def read_outcome_items(
    meta_model: MetaModel, prompts: OutcomePrompts, outcomes: Outcomes, *, seed: int
) -> OutcomeItems:
    rows = sample_rows(prompts, seed=seed)
    readings = [
        meta_model.read(prompt_text(prompts.texts[int(row)])) for row in show_progress(rows.tolist(), "read outcomes")
    ]
    place = np.full(len(prompts.ids), -1)
    place[rows] = np.arange(len(rows))
    chosen = np.flatnonzero((place[outcomes.prompts] >= 0) & ~np.isin(outcomes.sources, LEAVE_OUT))
    names = [outcome_model(str(outcomes.sources[row]), str(outcomes.models[row])) for row in chosen]
    models, model = np.unique(names, return_inverse=True)
    return OutcomeItems(
        discrimination=np.array([reading.discrimination_milli for reading in readings]) / 1000,
        difficulty=np.array([reading.difficulty_milli for reading in readings]) / 1000,
        families=prompts.families[rows],
        models=[str(name) for name in models],
        prompt=place[outcomes.prompts[chosen]],
        model=model,
        score=outcomes.scores[chosen].astype(np.float64),
    )


def sample_rows(prompts: OutcomePrompts, *, seed: int) -> Integers:
    """At most MOST_PER_BENCHMARK rows of each benchmark of each source, in order."""
    keys = np.array([f"{source}/{name}" for source, name in zip(prompts.sources, prompts.benchmarks, strict=True)])
    shuffled = np.random.default_rng(seed).permutation(len(keys))
    kept = [shuffled[keys[shuffled] == key][:MOST_PER_BENCHMARK] for key in np.unique(keys)]
    return np.sort(np.concatenate(kept))
