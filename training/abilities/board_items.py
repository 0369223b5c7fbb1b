"""Benchmarks without prompts as super-items, fitted jointly with the abilities of all models that stand on them.

A benchmark measures in the direction of the prompts it is most like; its scale, difficulty and noise come from
the scores. Models that also have outcomes hold the scale in place.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from pointsman.domain.ability import INDEPENDENT_ITEMS, AbilityItem, score_logit

from training.arrays import Flags, Floats
from training.data.boards import BoardScore

ROUNDS = 40
FEWEST_MODELS = 8
# A benchmark's scale is expected near one, give or take as much; noise below this is not believed.
SCALE_SD, LEAST_NOISE = 1.0, 0.05
# No benchmark is believed to reward weakness.
LEAST_SCALE = 0.05
# A model without outcomes may lie this far from those that have them.
FREE_ABILITY_SD = 1.0
FREE_SKILL_SD = 0.3
# Which prompts a benchmark is like, by words of its name; the first match holds, all prompts otherwise.
FAMILY_BY_NAME: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"math|AIME|olympiad|AMPS|integrals", ("math",)),
    (r"coding|[Cc]ode|SWE|webdev|javascript|python|typescript|SciCode", ("code",)),
    (r"zebra|logic|spatial|connections|theory_of_mind|consecutive", ("logic",)),
    (r"IFBench|instruction|paraphrase|simplify", ("instruction_following",)),
    (r"agentic|Tau2|search", ("tool_use",)),
    (r"MMLU|GPQA|HLE|MMMU|Legal|expert", ("knowledge_mcq",)),
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A model's ability as its outcomes tell it."""

    mean: Floats
    sd: Floats


@dataclass(frozen=True, slots=True)
class BoardFit:
    items: Mapping[str, AbilityItem]
    abilities: Mapping[str, Floats]


@dataclass(slots=True)
class _Estimate:
    """Scale, difficulty and noise of each benchmark; mean [models, d] and covariance [models, d, d] of each ability."""

    scale: Floats
    difficulty: Floats
    noise: Floats
    mean: Floats
    covariance: Floats


def fit_board_items(
    scores: Sequence[BoardScore], anchors: Mapping[str, Anchor], directions: Mapping[str, Floats]
) -> BoardFit:
    """By expectation and maximisation. `directions` gives each family's mean discrimination, and that of `all`."""
    names, models, logits = _score_table(scores)
    facing = np.stack([directions[_family_of(name, directions)] for name in names])
    prior_mean, prior_sd = _ability_priors(models, anchors, facing.shape[1])
    found = _start(logits, facing, prior_mean, known=_knownness(models, anchors))
    for _ in range(ROUNDS):
        _fit_abilities(found, logits, facing, (prior_mean, prior_sd**-2))
        _fit_items(found, logits, facing)
    return BoardFit(
        items={name: _item(found, facing, row) for row, name in enumerate(names)},
        abilities=dict(zip(models, found.mean, strict=True)),
    )


def _item(found: _Estimate, facing: Floats, row: int) -> AbilityItem:
    discrimination = tuple(map(float, facing[row] * found.scale[row]))
    return AbilityItem(discrimination, float(found.difficulty[row]), float(found.noise[row]))


def _score_table(scores: Sequence[BoardScore]) -> tuple[list[str], list[str], Floats]:
    """Benchmarks, models, and logits [models, benchmarks]; the best of a model's settings counts."""
    best: dict[tuple[str, str], float] = {}
    for score in scores:
        key = (score.model, score.benchmark)
        best[key] = max(score_logit(score.kind, score.score), best.get(key, -np.inf))
    counts: dict[str, int] = {}
    for _, benchmark in best:
        counts[benchmark] = counts.get(benchmark, 0) + 1
    names = sorted(name for name, count in counts.items() if count >= FEWEST_MODELS)
    models = sorted({model for model, benchmark in best if benchmark in names})
    table = np.array([[best.get((model, name), np.nan) for name in names] for model in models])
    return names, models, table


def _family_of(name: str, directions: Mapping[str, Floats]) -> str:
    for pattern, families in FAMILY_BY_NAME:
        if re.search(pattern, name) and families[0] in directions:
            return families[0]
    return "all"


def _ability_priors(models: Sequence[str], anchors: Mapping[str, Anchor], size: int) -> tuple[Floats, Floats]:
    centre = np.mean([anchor.mean for anchor in anchors.values()], axis=0)
    free = np.full(size, FREE_SKILL_SD)
    free[0] = FREE_ABILITY_SD
    means = np.stack([anchors[model].mean if model in anchors else centre for model in models])
    return means, np.stack([anchors[model].sd if model in anchors else free for model in models])


def _knownness(models: Sequence[str], anchors: Mapping[str, Anchor]) -> Flags:
    return np.array([model in anchors for model in models])


def _start(logits: Floats, facing: Floats, mean: Floats, *, known: Flags) -> _Estimate:
    """From the anchors alone, where there are enough: they have a place on the scale before any benchmark is known."""
    size = mean.shape[1]
    scale, difficulty, noise = np.ones((3, len(facing)))
    found = _Estimate(scale, difficulty, noise, mean, np.zeros((len(mean), size, size)))
    has_enough = (np.isfinite(logits) & known[:, None]).sum(axis=0) >= FEWEST_MODELS
    _fit_items(found, np.where(has_enough & ~known[:, None], np.nan, logits), facing)
    return found


def _fit_items(found: _Estimate, logits: Floats, facing: Floats) -> None:
    """For each benchmark: logit = scale * level - difficulty, over levels that are known to a spread only."""
    for item, direction in enumerate(facing):
        seen = np.isfinite(logits[:, item])
        level, logit = found.mean[seen] @ direction, logits[seen, item]
        spread = np.einsum("j,njk,k->n", direction, found.covariance[seen], direction)
        prior = found.noise[item] ** 2 / SCALE_SD**2
        shared = float(((level - level.mean()) * (logit - logit.mean())).sum()) + prior
        scale = max(shared / (float(((level - level.mean()) ** 2).sum() + spread.sum()) + prior), LEAST_SCALE)
        difficulty = scale * level.mean() - logit.mean()
        residual = (logit - scale * level + difficulty) ** 2 + scale**2 * spread
        found.scale[item], found.difficulty[item] = scale, difficulty
        found.noise[item] = max(float(np.sqrt(residual.mean())), LEAST_NOISE)


def _fit_abilities(found: _Estimate, logits: Floats, facing: Floats, prior: tuple[Floats, Floats]) -> None:
    items, mean, covariance = facing * found.scale[:, None], np.empty_like(prior[0]), np.empty_like(found.covariance)
    for row, own in enumerate(logits):
        seen = np.isfinite(own)
        weight = min(1.0, INDEPENDENT_ITEMS / int(np.count_nonzero(seen))) / found.noise[seen] ** 2
        precision = np.diag(prior[1][row]) + (items[seen].T * weight) @ items[seen]
        pull = prior[1][row] * prior[0][row] + items[seen].T @ (weight * (own[seen] + found.difficulty[seen]))
        covariance[row] = np.linalg.inv(precision)
        mean[row] = covariance[row] @ pull
    found.mean, found.covariance = mean, covariance
