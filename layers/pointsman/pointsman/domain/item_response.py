"""The two-parameter logistic model: q = sigmoid(a . t - b), and an ability's posterior from graded answers.

Knows no benchmark, no card and no prompt's text; quantities are on the natural scale.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log1p

from pointsman.domain.gaussian import Gaussian, Matrix, Vector, add_outer, dot, inverse, times
from pointsman.domain.logistic import sigmoid, softening

# A model's ability is not one vector on every prompt, nor is a prompt read without error: for the fit both together are
# as if it lay this far from its mean, in each dimension.
ABILITY_SPREAD = 0.5
# What an answer tells of its logit, where the chance is neither sure nor even.
USUAL_INFORMATION = 0.2
NEWTON_STEPS = 50
SMALL_STEP = 1e-6


@dataclass(frozen=True, slots=True)
class Item:
    """One prompt as the meta-model reads it: a [d] and b."""

    discrimination: tuple[float, ...]
    difficulty: float

    def logit(self, ability: Vector) -> float:
        return dot(self.discrimination, ability) - self.difficulty


@dataclass(frozen=True, slots=True)
class Answer:
    """A grade from 0 to 1 on one item."""

    item: Item
    score: float


@dataclass(frozen=True, slots=True)
class Belief:
    """What is known beside the answers, in natural form: `precision` [d, d] and `pull` [d] = precision . mean."""

    precision: Matrix
    pull: list[float]


def answer_weight(item: Item) -> float:
    """How many ideal answers one is worth: the steeper a prompt, the more its own ability moves its logit.

    So no prompt tells more of the mean ability than the spread around it allows, however steep it is read.
    """
    return 1 / (1 + USUAL_INFORMATION * ABILITY_SPREAD**2 * dot(item.discrimination, item.discrimination))


def expected_quality(item: Item, ability: Gaussian) -> float:
    """The chance of a good answer, its mean taken over the posterior."""
    return sigmoid(item.logit(ability.mean) / softening(ability.variance_along(item.discrimination)))


def update(belief: Belief, answers: Sequence[Answer]) -> Gaussian:
    """Laplace's approximation at the most probable ability, found by Newton's method with halved steps."""
    mean = times(inverse(belief.precision), belief.pull)
    for _ in range(NEWTON_STEPS if answers else 0):
        gradient, curvature = _slopes(belief, answers, mean)
        step = times(inverse(curvature), gradient)
        mean = _ascend(belief, answers, mean, step)
        if max(map(abs, step)) < SMALL_STEP:
            break
    return Gaussian(tuple(mean), inverse(_slopes(belief, answers, mean)[1]))


def _slopes(belief: Belief, answers: Sequence[Answer], at: Vector) -> tuple[list[float], Matrix]:
    """Gradient and negative curvature of the log posterior."""
    curvature = [list(row) for row in belief.precision]
    gradient = [pull - held for pull, held in zip(belief.pull, times(belief.precision, at), strict=True)]
    for answer in answers:
        weights, chance = answer.item.discrimination, sigmoid(answer.item.logit(at))
        worth = answer_weight(answer.item)
        surprise = worth * (answer.score - chance)
        gradient = [slope + surprise * weight for slope, weight in zip(gradient, weights, strict=True)]
        add_outer(curvature, weights, worth * chance * (1 - chance))
    return gradient, curvature


def _ascend(belief: Belief, answers: Sequence[Answer], at: Vector, step: Vector) -> list[float]:
    """One step up; the log posterior is concave, so a short enough step along Newton's direction never falls."""
    before, share = _log_posterior(belief, answers, at), 1.0
    while share > SMALL_STEP:
        reached = [value + share * change for value, change in zip(at, step, strict=True)]
        if _log_posterior(belief, answers, reached) >= before:
            return reached
        share /= 2
    return list(at)


def _log_posterior(belief: Belief, answers: Sequence[Answer], at: Vector) -> float:
    prior = dot(belief.pull, at) - dot(at, times(belief.precision, at)) / 2
    return prior + sum(answer_weight(answer.item) * _log_likelihood(answer, at) for answer in answers)


def _log_likelihood(answer: Answer, at: Vector) -> float:
    logit = answer.item.logit(at)
    return answer.score * logit - max(logit, 0) - log1p(exp(-abs(logit)))
