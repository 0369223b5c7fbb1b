"""Item response: the chance that a model answers a prompt well, with its 90 % interval. Knows no prices."""

from functools import lru_cache
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


def predict_quality(reading: Reading, ability: Ability) -> Quality:
    """q = sigmoid(a . t - b), its mean taken over prompts of this kind and over the posterior of t.

    Raises ValueError where dimensions differ.
    """
    weights = reading.discrimination_milli
    if not len(weights) == len(ability.mean_milli) == len(ability.sd_milli):
        raise ValueError(f"a reading of {len(weights)} dimensions, an ability of {len(ability.mean_milli)}")
    # Sums of integers are exact, so equal readings and abilities give equal logits anywhere.
    logit = (sum(map(mul, weights, ability.mean_milli)) - 1000 * reading.difficulty_milli) / 1e6
    sd = ability.joint_milli * _length(tuple(map(mul, weights, ability.sd_milli))) / 1e9
    spread = _prompt_spread(weights)
    softer = softening(spread * spread)
    usual, reach = logit / softer, SDS_OF_90_PERCENT * sd / softer
    return Quality(
        mean_milli=_milli(logit / softening(sd * sd + spread * spread)),
        low_milli=_milli(usual - reach),
        high_milli=_milli(usual + reach),
    )


# A request asks it of every candidate with the same weights.
@lru_cache(maxsize=8)
def _prompt_spread(weights: tuple[int, ...]) -> float:
    return PROMPT_SPREAD_MILLI * _length(weights) / 1e6


def _length(vector: tuple[int, ...]) -> float:
    return sqrt(sum(map(mul, vector, vector)))


def _milli(logit: float) -> int:
    return round(1000 * sigmoid(logit))
