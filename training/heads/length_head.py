"""How long an answer will be: quantiles of the log of output tokens, after taking out each model's own verbosity.

A ridge regression gives the middle; the spread around it is that of held-in residuals. Knows no prices.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import Ridge

from training.arrays import Flags, Floats, Integers, Names
from training.data.outcome_blocks import canonical_model, family_weights
from training.data.prompts import OutcomePrompts, Outcomes

QUANTILES = (0.1, 0.5, 0.9)
RIDGE = 3000.0
FEWEST_TOKENS = 1.0


@dataclass(frozen=True, slots=True)
class LengthHead:
    """log tokens at each quantile = features @ weights * familiarity + offset + spread of that quantile."""

    weights: Floats
    offset: float
    spread: tuple[float, float, float]

    def predict(self, features: Floats, familiarity: Floats | float = 1.0) -> Floats:
        middle = features @ self.weights * familiarity + self.offset
        return (middle[:, None] + np.array(self.spread)).astype(np.float32)


def prompt_lengths(outcomes: Outcomes, *, rows: Flags, leave_out: Collection[str]) -> tuple[Integers, Floats]:
    """Prompt rows and log tokens of each answer, less the mean of its model in its source (over its family)."""
    usable = np.isfinite(outcomes.output_tokens) & (outcomes.output_tokens >= FEWEST_TOKENS) & rows[outcomes.prompts]
    usable &= ~np.isin(outcomes.sources, list(leave_out))
    chosen = np.flatnonzero(usable)
    logs = np.log(outcomes.output_tokens[chosen])
    names = np.array([f"{outcomes.sources[row]} {canonical_model(outcomes.models[row])}" for row in chosen])
    return outcomes.prompts[chosen], (logs - _verbosity(logs, names, outcomes.sources[chosen])).astype(np.float32)


def fit_length_head(
    features: Floats, prompts: OutcomePrompts, lengths: tuple[Integers, Floats], *, rows: Flags
) -> LengthHead:
    answered, logs = lengths
    distinct, at = np.unique(answered, return_inverse=True)
    counts = np.bincount(at)
    middle = np.bincount(at, weights=logs) / counts
    weights = family_weights(prompts, rows)[distinct]
    ridge: Any = Ridge(alpha=RIDGE)
    ridge.fit(features[distinct], middle, sample_weight=weights)
    residual = logs - ridge.predict(features[distinct])[at]
    low, mid, high = _weighted_quantiles(residual, (weights / counts)[at])
    return LengthHead(ridge.coef_.astype(np.float32), float(ridge.intercept_), (low, mid, high))


def _verbosity(logs: Floats, names: Names, sources: Names) -> Floats:
    """Mean of the model less the mean of its source: what is left over is the prompt's own."""
    return _group_mean(logs, names) - _group_mean(logs, sources)


def _group_mean(values: Floats, groups: Names) -> Floats:
    _, at = np.unique(groups, return_inverse=True)
    return (np.bincount(at, weights=values) / np.bincount(at))[at].astype(np.float32)


def _weighted_quantiles(values: Floats, weights: Floats) -> tuple[float, float, float]:
    order = np.argsort(values)
    share = np.cumsum(weights[order]) / weights.sum()
    low, mid, high = (float(values[order][np.searchsorted(share, quantile)]) for quantile in QUANTILES)
    return low, mid, high
