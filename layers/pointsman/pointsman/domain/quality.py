"""Item response: the chance that a model answers a prompt well, with its 90 % interval. Knows no prices."""

from functools import lru_cache
from math import exp, hypot, pi, sqrt
from operator import mul
from typing import NamedTuple

from pointsman.domain.features import Reading
from pointsman.domain.model_card import Ability

# Standard deviations on either side of the mean that hold 90 % of a normal distribution.
SDS_OF_90_PERCENT = 1.6449
# On a single prompt a model's ability lies this far from its own mean, in each dimension.
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
    softening = _softening(spread)
    usual, reach = logit / softening, SDS_OF_90_PERCENT * sd / softening
    return Quality(
        mean_milli=_sigmoid_milli(logit / _softening(hypot(sd, spread))),
        low_milli=_sigmoid_milli(usual - reach),
        high_milli=_sigmoid_milli(usual + reach),
    )


# A request asks it of every candidate with the same weights.
@lru_cache(maxsize=8)
def _prompt_spread(weights: tuple[int, ...]) -> float:
    return PROMPT_SPREAD_MILLI * _length(weights) / 1e6


def _length(vector: tuple[int, ...]) -> float:
    return sqrt(sum(map(mul, vector, vector)))


def _softening(sd: float) -> float:
    """What a logit known to `sd` is divided by, so that its sigmoid is the mean of the chances (MacKay 1992)."""
    return sqrt(1 + pi * sd * sd / 8)


def _sigmoid_milli(logit: float) -> int:
    if logit >= 0:
        return round(1000 / (1 + exp(-logit)))
    power = exp(logit)
    return round(1000 * power / (1 + power))
