"""Item response: the chance that a model answers a prompt well, with its 90 % interval. Knows no prices."""

from dataclasses import dataclass
from math import exp, pi, sqrt
from operator import mul

from pointsman.domain.features import Reading
from pointsman.domain.model_card import Ability

# Standard deviations on either side of the mean that hold 90 % of a normal distribution.
SDS_OF_90_PERCENT = 1.6449


@dataclass(frozen=True, slots=True)
class Quality:
    """In thousandths; `low` and `high` enclose 90 % of the ability's posterior."""

    mean_milli: int
    low_milli: int
    high_milli: int

    @property
    def width_milli(self) -> int:
        return self.high_milli - self.low_milli


def predict_quality(reading: Reading, ability: Ability) -> Quality:
    """q = sigmoid(a . t - b), its mean taken over the posterior of t. Raises ValueError where dimensions differ."""
    weights = reading.discrimination_milli
    if not len(weights) == len(ability.mean_milli) == len(ability.sd_milli):
        raise ValueError(f"a reading of {len(weights)} dimensions, an ability of {len(ability.mean_milli)}")
    # Sums of integers are exact, so equal readings and abilities give equal logits anywhere.
    dot, scaled_sd = sum(map(mul, weights, ability.mean_milli)), tuple(map(mul, weights, ability.sd_milli))
    logit, sd = (dot - 1000 * reading.difficulty_milli) / 1e6, sqrt(sum(map(mul, scaled_sd, scaled_sd))) / 1e6
    return Quality(
        mean_milli=_sigmoid_milli(logit / sqrt(1 + pi * sd * sd / 8)),
        low_milli=_sigmoid_milli(logit - SDS_OF_90_PERCENT * sd),
        high_milli=_sigmoid_milli(logit + SDS_OF_90_PERCENT * sd),
    )


def _sigmoid_milli(logit: float) -> int:
    if logit >= 0:
        return round(1000 / (1 + exp(-logit)))
    power = exp(logit)
    return round(1000 * power / (1 + power))
