"""Item response: the chance that a model answers a prompt well, with its 90 % interval. Knows no prices."""

from dataclasses import dataclass
from math import sqrt
from operator import mul
from typing import NamedTuple

from pointsman.domain.features import Reading
from pointsman.domain.logistic import sigmoid, softening
from pointsman.domain.model_card import Ability

# Standard deviations on either side of the mean that hold 90 % of a normal distribution.
SDS_OF_90_PERCENT = 1.6449
# On a single prompt a model's ability lies this far from its own mean, in each dimension: more would cost calibration,
# less would let choices flip with every typo.
PROMPT_SPREAD_MILLI = 200


class Quality(NamedTuple):
    """In thousandths; `low` and `high` enclose 90 % of it over the posterior of the ability."""

    mean_milli: int
    low_milli: int
    high_milli: int

    @property
    def width_milli(self) -> int:
        return self.high_milli - self.low_milli


class Demand(NamedTuple):
    """What a reading asks of any ability, worked out once for all candidates.

    `spread_variance` is the variance that a prompt by itself adds to a logit, `softer` what that makes of its chance.
    """

    weights_milli: tuple[int, ...]
    squares_micro: tuple[int, ...]
    difficulty_milli: int
    spread_variance: float
    softer: float


@dataclass(frozen=True, slots=True, eq=False)
class Skill:
    """An ability as it is held against demands. Told apart by which object it is, for abilities are long to compare."""

    mean_milli: tuple[int, ...]
    variance_micro: tuple[int, ...]
    joint_milli: int
    meta_model_sha256: str


def demand_of(reading: Reading) -> Demand:
    squares = _squares(reading.discrimination_milli)
    spread = PROMPT_SPREAD_MILLI * sqrt(sum(squares)) / 1e6
    variance = spread * spread
    return Demand(reading.discrimination_milli, squares, reading.difficulty_milli, variance, softening(variance))


def skill_of(ability: Ability) -> Skill:
    return Skill(ability.mean_milli, _squares(ability.sd_milli), ability.joint_milli, ability.meta_model_sha256)


def predict_quality(demand: Demand, skill: Skill) -> Quality:
    """q = sigmoid(a . t - b), its mean taken over prompts of this kind and over the posterior of t.

    Raises ValueError where dimensions differ.
    """
    weights = demand.weights_milli
    if not len(weights) == len(skill.mean_milli) == len(skill.variance_micro):
        raise ValueError(f"a reading of {len(weights)} dimensions, an ability of {len(skill.mean_milli)}")
    # Sums of integers are exact, so equal readings and abilities give equal logits anywhere.
    logit = (sum(map(mul, weights, skill.mean_milli)) - 1000 * demand.difficulty_milli) / 1e6
    sd = skill.joint_milli * sqrt(sum(map(mul, demand.squares_micro, skill.variance_micro))) / 1e9
    usual, reach = logit / demand.softer, SDS_OF_90_PERCENT * sd / demand.softer
    return Quality(
        round(1000 * sigmoid(logit / softening(sd * sd + demand.spread_variance))),
        round(1000 * sigmoid(usual - reach)),
        round(1000 * sigmoid(usual + reach)),
    )


def _squares(vector: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(map(mul, vector, vector))
