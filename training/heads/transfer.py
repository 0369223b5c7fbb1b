"""How much of what parts models on known benchmarks holds on benchmarks that were never seen, and a head held to it.

In each of a few folds some benchmarks are left out whole. Less than all is kept only where it makes better choices
there by more than benchmarks differ. Knows no costs.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from training.arrays import Flags, Floats, Integers, Names
from training.heads.quality_head import Block, QualityHead, QualitySettings, fit_quality_head

FOLDS = 3
# All of it first: the others are measured against it.
SHARES = (1.0, 0.75, 0.5)
# Enough to tell the shares apart.
ITERATIONS = 80


def fit_transferable_head(
    features: Floats,
    blocks: Sequence[Block],
    benchmarks: Names,
    *,
    models: int,
    settings: QualitySettings,
    stiffness: Floats | float = 1.0,
) -> QualityHead:
    """`benchmarks` [n] of the rows of `features`; where there is but one, nothing can be said and all is kept."""
    trial = replace(settings, iterations=ITERATIONS)
    folds = _benchmark_folds(benchmarks, np.unique(np.concatenate([block.prompts for block in blocks])))
    choices: list[Floats] = []
    for fold in range(int(folds.max()) + 1):
        seen, unseen = (_take_prompts(blocks, folds, left_out=fold, is_left_out=side) for side in (False, True))
        head = fit_quality_head(features, seen, models=models, settings=trial, stiffness=stiffness)
        choices += [_score_choices(head, features, block, benchmarks) for block in unseen]
    whole = fit_quality_head(features, blocks, models=models, settings=settings, stiffness=stiffness)
    return whole.keep_contrasts(_find_share(choices))


def _find_share(choices: Sequence[Floats]) -> float:
    """`choices` as _score_choices gives them. A gain counts as far as it exceeds its standard error over benchmarks."""
    if not choices:
        return SHARES[0]
    table = np.vstack(choices)
    weights = table[:, :1] / table[:, 0].sum()
    gains = table[:, 1:] - table[:, 1:2]
    means = (weights * gains).sum(axis=0)
    errors = np.sqrt((weights**2 * (gains - means) ** 2).sum(axis=0))
    return SHARES[int((means - errors).argmax())]


def _benchmark_folds(benchmarks: Names, used: Integers) -> Integers:
    """A fold per row, whole benchmarks in one and folds about equally large; -1 everywhere for a single benchmark."""
    names, counts = np.unique(benchmarks[used], return_counts=True)
    loads: list[int] = [0] * min(FOLDS, len(names))
    fold_of: dict[str, int] = {}
    for at in np.argsort(-counts, kind="stable"):
        fold_of[str(names[at])] = loads.index(min(loads))
        loads[loads.index(min(loads))] += int(counts[at])
    if len(names) < 2:
        return np.full(len(benchmarks), -1)
    return np.array([fold_of.get(str(name), -1) for name in benchmarks])


def _take_prompts(blocks: Sequence[Block], folds: Integers, *, left_out: int, is_left_out: bool) -> list[Block]:
    kept: list[tuple[Block, Flags]] = [(block, (folds[block.prompts] == left_out) == is_left_out) for block in blocks]
    return [
        Block(block.prompts[rows], block.models, block.scores[rows], block.weights[rows])
        for block, rows in kept
        if rows.any()
    ]


def _score_choices(head: QualityHead, features: Floats, block: Block, benchmarks: Names) -> Floats:
    """[b, 1 + shares]: a benchmark's weight, and at each share what the models scored that are thought best."""
    rows, answered = np.arange(len(block.prompts)), np.isfinite(block.scores)
    scores = np.empty((len(rows), len(SHARES)))
    for at, share in enumerate(SHARES):
        expected = head.keep_contrasts(share).predict(features[block.prompts], block.models)
        scores[:, at] = block.scores[rows, np.where(answered, expected, -np.inf).argmax(axis=1)]
    own = benchmarks[block.prompts]
    return np.array(
        [
            [
                block.weights[own == name].sum(),
                *np.average(scores[own == name], axis=0, weights=block.weights[own == name]),
            ]
            for name in np.unique(own)
        ]
    )
