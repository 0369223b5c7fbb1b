"""The logistic curve, and its mean where the logit is not known for sure."""

from math import exp, pi, sqrt


def sigmoid(logit: float) -> float:
    if logit >= 0:
        return 1 / (1 + exp(-logit))
    power = exp(logit)
    return power / (1 + power)


def softening(variance: float) -> float:
    """What a logit of that variance is divided by, so that its sigmoid is the mean of the chances (MacKay 1992)."""
    return sqrt(1 + pi * variance / 8)
