"""Item parameters fitted without some of the models, and what those models then answered: the experiment's ground.

Models are held out a fifth at a time. Prompts to fit on and prompts to test on never share a group of near-duplicates.
"""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pointsman.domain.gaussian import diagonal
from pointsman.domain.item_response import Belief, Item
from pointsman.domain.onboarding import PoolPrompt

from training.arrays import Flags, Floats, Integers
from training.data.outcome_blocks import build_blocks
from training.heads.features import fit_feature_space
from training.heads.fit_heads import LEAVE_OUT, OutcomeData
from training.heads.quality_head import Block, QualityHead, QualitySettings, fit_quality_head
from training.progress import show_progress

FOLDS = 5
FITTED_SHARE = 0.15
# Enough for items that serve to compare two ways of choosing prompts.
ITERATIONS = 80
# A model of fewer answers says nothing of how models differ.
FEWEST_ANSWERS = 100
RIDGE = 1e-3


@dataclass(frozen=True, slots=True)
class FittedWithout:
    """A quality head for each fold of models, fitted without that fold on the prompts where `fitted` is true.

    `answers` counts what each model's ability was fitted to, in the heads that saw it.
    """

    heads: Sequence[QualityHead]
    folds: Integers
    answers: Integers
    features: Floats
    fitted: Flags

    def known(self, fold: int) -> Integers:
        """The models that the fold's head knows well enough."""
        return np.flatnonzero((self.folds != fold) & (self.answers >= FEWEST_ANSWERS))

    def belief(self, fold: int) -> Belief:
        """What the known models say of an unknown one: their mean, and their spread in each dimension."""
        abilities = self.heads[fold].abilities[self.known(fold)].astype(np.float64)
        precision = 1 / (abilities.var(axis=0) + RIDGE)
        return Belief(diagonal(precision.tolist()), (precision * abilities.mean(axis=0)).tolist())

    def prompts(self, fold: int, rows: Integers) -> list[PoolPrompt]:
        discrimination, difficulty = self.heads[fold].items(self.features[rows])
        return [
            PoolPrompt(str(row), Item(tuple(map(float, a)), float(b)))
            for row, a, b in zip(rows, discrimination, difficulty, strict=True)
        ]


def fit_without(data: OutcomeData, *, seed: int, cache: Path, leave_out: Collection[str] = ()) -> FittedWithout:
    """`leave_out` names sources of prompts that are not fitted on either, beside those that never are."""
    fitted = _fitted_rows(data, seed) & ~np.isin(data.prompts.sources, [*LEAVE_OUT, *leave_out])
    rows = np.flatnonzero(fitted)
    space = fit_feature_space(data.embedded.take(rows), seed=seed)
    features = space.features(data.embedded)
    folds = np.random.default_rng(seed).permutation(len(data.models)) % FOLDS
    blocks = list(
        _compact(build_blocks(data.prompts, data.outcomes, data.models, rows=fitted, leave_out=LEAVE_OUT), rows)
    )
    answers = np.zeros(len(folds), dtype=np.int64)
    for block in blocks:
        answers[block.models] += np.isfinite(block.scores).sum(axis=0)
    heads = [
        _fit_fold(
            features[rows],
            [_without(block, folds, fold) for block in blocks],
            len(folds),
            stiffness=space.stiffness,
            cache=cache,
        )
        for fold in show_progress(range(FOLDS), "fit items without a fifth of the models")
    ]
    return FittedWithout(heads, folds, answers, features, fitted)


def _fitted_rows(data: OutcomeData, seed: int) -> Flags:
    groups, at = np.unique(data.prompts.groups, return_inverse=True)
    return (np.random.default_rng(seed).random(len(groups)) < FITTED_SHARE)[at]


def _compact(blocks: Sequence[Block], rows: Integers) -> Iterator[Block]:
    """The same blocks with prompts numbered by their place in `rows`."""
    for block in blocks:
        yield Block(np.searchsorted(rows, block.prompts), block.models, block.scores, block.weights)


def _without(block: Block, folds: Integers, fold: int) -> Block:
    kept = folds[block.models] != fold
    return Block(block.prompts, block.models[kept], block.scores[:, kept], block.weights)


def _fit_fold(features: Floats, blocks: Sequence[Block], models: int, *, stiffness: Floats, cache: Path) -> QualityHead:
    """From the cache where the very same features and scores were fitted by the same settings before."""
    settings = QualitySettings(iterations=ITERATIONS)
    digest = hashlib.sha256(repr(settings).encode())
    for array in [
        features,
        stiffness,
        *(part for block in blocks for part in (block.prompts, block.models, block.scores)),
    ]:
        digest.update(np.ascontiguousarray(array).tobytes())
    file = cache / f"head-{digest.hexdigest()[:16]}.npz"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        answered = [block for block in blocks if len(block.models)]
        head = fit_quality_head(features, answered, models=models, settings=settings, stiffness=stiffness)
        np.savez(file, weights=head.weights, offsets=head.offsets, abilities=head.abilities)
    with np.load(file) as kept:
        return QualityHead(kept["weights"], kept["offsets"], kept["abilities"])
