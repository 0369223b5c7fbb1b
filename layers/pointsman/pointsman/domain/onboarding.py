"""Which prompt to grade next so that a new model's ability is known with the fewest answers. Knows no text."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256
from heapq import nlargest
from math import sqrt
from typing import Literal

from pointsman.domain.gaussian import Gaussian, Matrix, add_outer, diagonal, dot, times
from pointsman.domain.item_response import Item, answer_weight, expected_quality
from pointsman.domain.logistic import sigmoid, softening
from pointsman.domain.quality import SDS_OF_90_PERCENT

# Mean qualities of models that nothing was fitted to lie nearer than the posterior has it: single answers vary less
# than tosses of a coin, and what sets one dimension of ability apart is mostly undone by another.
REALISED_SPREAD = 0.6

Verdict = Literal["go_on", "precise_enough", "enough_answers", "pool_exhausted"]


@dataclass(frozen=True, slots=True)
class PoolPrompt:
    prompt_id: str
    item: Item


@dataclass(frozen=True, slots=True)
class PoolRow:
    """One prompt of an operator's pool: its text, or else the numbers that the named meta-model read in it."""

    prompt_id: str
    text: str = ""
    meta_model_sha256: str = ""
    discrimination_milli: tuple[int, ...] = ()
    difficulty_milli: int = 0


@dataclass(frozen=True, slots=True)
class PoolQuality:
    """Predicted mean quality over the pool; `low` and `high` enclose the true one nine times in ten."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class StopRule:
    """Grading ends once the pool's interval is this narrow, or after so many answers."""

    width: float = 0.1
    most_answers: int = 60


def choose_next(
    posterior: Gaussian, pool: Sequence[PoolPrompt], *, graded: Collection[str], count: int
) -> list[PoolPrompt]:
    """The `count` prompts to grade, best first, each chosen as if those before it were graded already.

    Each is drawn among the half with the greatest expected fall of the mean variance of predicted quality over the pool
    (V-optimality). The very greatest are those whose parameters err most, and the ability with them. The lots are the
    digests of the prompts' ids, so equal questions have equal answers.
    """
    left = [prompt for prompt in pool if prompt.prompt_id not in graded]
    wanted = _quality_slopes(posterior, pool)
    chosen: list[PoolPrompt] = []
    for _ in range(min(count, len(left))):
        drawn = min(_most_telling_half(posterior, left, wanted), key=_lot)
        chosen.append(drawn)
        left.remove(drawn)
        posterior = _as_if_graded(posterior, drawn.item)
    return chosen


def pool_quality(posterior: Gaussian, pool: Sequence[PoolPrompt]) -> PoolQuality:
    """The interval's ends are the pool's mean at the abilities that lie furthest down and up its slope.

    ValueError where the pool is empty.
    """
    if not pool:
        raise ValueError("a pool without prompts has no quality")
    mean = sum(expected_quality(prompt.item, posterior) for prompt in pool) / len(pool)
    pulled = times(posterior.covariance, _mean_slope(posterior, pool))
    spread = dot(pulled, _mean_slope(posterior, pool))
    sds = SDS_OF_90_PERCENT * REALISED_SPREAD
    reach = [sds * value / sqrt(spread) for value in pulled] if spread > 0 else [0.0] * len(pulled)
    low, high = (_mean_at(posterior, pool, [sign * step for step in reach]) for sign in (-1, 1))
    return PoolQuality(mean, low, high)


def judge(quality: PoolQuality, rule: StopRule, *, answers: int, left: int) -> Verdict:
    if quality.high - quality.low <= rule.width:
        return "precise_enough"
    if answers >= rule.most_answers:
        return "enough_answers"
    return "go_on" if left else "pool_exhausted"


def _most_telling_half(posterior: Gaussian, left: Sequence[PoolPrompt], wanted: Matrix) -> list[PoolPrompt]:
    return nlargest(max(1, len(left) // 2), left, key=lambda prompt: _gain(posterior, prompt.item, wanted))


def _lot(prompt: PoolPrompt) -> bytes:
    return sha256(prompt.prompt_id.encode()).digest()


def _mean_slope(posterior: Gaussian, pool: Sequence[PoolPrompt]) -> list[float]:
    """The slope of the pool's mean quality in the ability, at the posterior's mean."""
    total = [0.0] * len(posterior.mean)
    for prompt in pool:
        chance = sigmoid(prompt.item.logit(posterior.mean))
        steepness = chance * (1 - chance) / len(pool)
        total = [value + steepness * weight for value, weight in zip(total, prompt.item.discrimination, strict=True)]
    return total


def _mean_at(posterior: Gaussian, pool: Sequence[PoolPrompt], step: Sequence[float]) -> float:
    ability = [value + change for value, change in zip(posterior.mean, step, strict=True)]
    return sum(sigmoid(prompt.item.logit(ability)) for prompt in pool) / len(pool)


def _quality_slopes(posterior: Gaussian, pool: Sequence[PoolPrompt]) -> Matrix:
    """Mean over the pool of g g^T, where g is the slope of a prompt's quality in the ability."""
    total = diagonal([0.0] * len(posterior.mean))
    for prompt in pool:
        chance = sigmoid(prompt.item.logit(posterior.mean))
        add_outer(total, prompt.item.discrimination, (chance * (1 - chance)) ** 2 / len(pool))
    return total


def _gain(posterior: Gaussian, item: Item, wanted: Matrix) -> float:
    pulled = times(posterior.covariance, item.discrimination)
    spread = dot(pulled, item.discrimination)
    information = _information(posterior, item, spread)
    return information / (1 + information * spread) * dot(pulled, times(wanted, pulled))


def _information(posterior: Gaussian, item: Item, spread: float) -> float:
    """What an answer is expected to tell of its logit, given how far that logit is unknown."""
    chance = sigmoid(item.logit(posterior.mean) / softening(spread))
    return answer_weight(item) * chance * (1 - chance)


def _as_if_graded(posterior: Gaussian, item: Item) -> Gaussian:
    pulled = times(posterior.covariance, item.discrimination)
    spread = dot(pulled, item.discrimination)
    information = _information(posterior, item, spread)
    covariance = [list(row) for row in posterior.covariance]
    add_outer(covariance, pulled, -information / (1 + information * spread))
    return Gaussian(posterior.mean, covariance)
