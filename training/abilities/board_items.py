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

ROUNDS = 60
FEWEST_MODELS = 8
# A benchmark's scale is expected near one, give or take a half; noise below this is not believed.
SCALE_SD, LEAST_NOISE = 0.5, 0.3
# No benchmark is believed to reward weakness.
LEAST_SCALE = 0.05
# A model without outcomes may lie this far from those that have them.
FREE_ABILITY_SD = 4.0
FREE_SKILL_SD = 1.0
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


def fit_board_items(
    scores: Sequence[BoardScore], anchors: Mapping[str, Anchor], directions: Mapping[str, Floats]
) -> BoardFit:
    """`directions` gives the mean discrimination of each family of prompts, and of `all`."""
    names, models, logits = _score_table(scores)
    facing = np.stack([directions[_family_of(name, directions)] for name in names])
    mean, precision = _ability_priors(models, anchors, facing.shape[1])
    scale, difficulty, noise = np.ones(len(names)), np.zeros(len(names)), np.ones(len(names))
    abilities = mean
    for _ in range(ROUNDS):
        # Items first: with the anchors alone they already have a place on the scale.
        scale, difficulty, noise = _fit_items(logits, abilities @ facing.T, known=_knownness(models, anchors))
        abilities = _fit_abilities(logits, facing * scale[:, None], difficulty, noise, mean, precision)
    items = {
        name: AbilityItem(tuple(map(float, facing[row] * scale[row])), float(difficulty[row]), float(noise[row]))
        for row, name in enumerate(names)
    }
    return BoardFit(items, dict(zip(models, abilities, strict=True)))


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
    sds = np.stack([anchors[model].sd if model in anchors else free for model in models])
    return means, sds**-2


def _knownness(models: Sequence[str], anchors: Mapping[str, Anchor]) -> Flags:
    return np.array([model in anchors for model in models])


def _fit_items(logits: Floats, levels: Floats, *, known: Flags) -> tuple[Floats, Floats, Floats]:
    """For each benchmark: logit = scale * level - difficulty, with a prior on the scale."""
    fits = [_fit_item(logits[:, item], levels[:, item], known=known) for item in range(logits.shape[1])]
    scale, difficulty, noise = np.array(fits).T
    return scale, difficulty, noise


def _fit_item(logits: Floats, levels: Floats, *, known: Flags) -> tuple[float, float, float]:
    seen = np.isfinite(logits)
    if known[seen].sum() >= FEWEST_MODELS:
        seen &= known
    level, logit = levels[seen], logits[seen]
    spread = float(((level - level.mean()) ** 2).sum())
    slope = float(((level - level.mean()) * (logit - logit.mean())).sum())
    prior = LEAST_NOISE**2 / SCALE_SD**2
    scale = (slope + prior) / (spread + prior)
    difficulty = scale * level.mean() - logit.mean()
    residual: Floats = logit - scale * level + difficulty
    noise = float(np.sqrt((residual**2).mean()))
    return max(scale, LEAST_SCALE), difficulty, max(noise, LEAST_NOISE)


def _fit_abilities(
    logits: Floats, items: Floats, difficulty: Floats, noise: Floats, mean: Floats, precision: Floats
) -> Floats:
    abilities = np.empty_like(mean)
    for row, own in enumerate(logits):
        seen = np.isfinite(own)
        count = int(np.count_nonzero(seen))
        weight = min(1.0, INDEPENDENT_ITEMS / count) / noise[seen] ** 2
        matrix = np.diag(precision[row]) + (items[seen].T * weight) @ items[seen]
        pull = precision[row] * mean[row] + items[seen].T @ (weight * (own[seen] + difficulty[seen]))
        abilities[row] = np.linalg.solve(matrix, pull)
    return abilities
