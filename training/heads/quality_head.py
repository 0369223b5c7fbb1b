"""Multidimensional item response on top of prompt features, fitted with L-BFGS on exact gradients.

q(m, x) = sigmoid(a(x) . t_m - b(x)), a positive. The first dimension is general ability; the others start near
zero and grow only where the outcomes ask for them. Knows prompts by their features and models by their names.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.arrays import Floats, Integers, minimise

# softplus(GENERAL_OFFSET) = 1: the first discrimination starts at one, the others at about a quarter.
GENERAL_OFFSET, SKILL_OFFSET = 0.5413, -1.3


@dataclass(frozen=True, slots=True)
class Block:
    """Outcomes of one source: prompt rows, model columns, scores [n, m] with not-a-number where there is none."""

    prompts: Integers
    models: Integers
    scores: Floats
    weights: Floats


@dataclass(frozen=True, slots=True)
class QualitySettings:
    """Penalties are on squared weights, beside a log likelihood summed over prompts (and per model, for abilities)."""

    dimensions: int = 12
    discrimination_penalty: float = 8.0
    difficulty_penalty: float = 1.0
    general_penalty: float = 4.0
    skill_penalty: float = 2.0
    iterations: int = 150
    seed: int = 0


@dataclass(frozen=True, slots=True)
class QualityHead:
    """`weights` [p, d + 1] and `offsets` [d + 1]: the first d columns give a before softplus, the last b."""

    weights: Floats
    offsets: Floats
    abilities: Floats

    @property
    def dimensions(self) -> int:
        return len(self.offsets) - 1

    def items(self, features: Floats, familiarity: Floats | float = 1.0) -> tuple[Floats, Floats]:
        """a [n, d] and b [n]; where `familiarity` is 0 both are those of the average prompt."""
        raw = (features @ self.weights) * np.reshape(familiarity, (-1, 1)) + self.offsets
        return _softplus(raw[:, :-1]), raw[:, -1]

    def keep_contrasts(self, share: float) -> "QualityHead":
        """The head with `share` of what tells prompts apart in which model suits them; how hard they are stays."""
        shares = np.full(self.weights.shape[1], share, dtype=np.float32)
        shares[-1] = 1
        return replace(self, weights=self.weights * shares)

    def predict(self, features: Floats, models: Integers, familiarity: Floats | float = 1.0) -> Floats:
        discrimination, difficulty = self.items(features, familiarity)
        return _sigmoid(discrimination @ self.abilities[models].T - difficulty[:, None])


def fit_quality_head(
    features: Floats,
    blocks: Sequence[Block],
    *,
    models: int,
    settings: QualitySettings,
    stiffness: Floats | float = 1.0,
) -> QualityHead:
    """`stiffness`, per feature, multiplies the penalty on its weights for discrimination."""
    problem = QualityProblem(features, blocks, models, settings, stiffness=stiffness)
    return problem.unpack(minimise(problem.loss_and_gradient, problem.start(), iterations=settings.iterations))


class QualityProblem:
    """The penalised likelihood as a function of one flat vector."""

    def __init__(
        self,
        features: Floats,
        blocks: Sequence[Block],
        models: int,
        settings: QualitySettings,
        *,
        stiffness: Floats | float = 1.0,
    ) -> None:
        self._features, self._blocks, self._settings = features, blocks, settings
        size = settings.dimensions
        self._shapes = [(features.shape[1], size + 1), (size + 1,), (models, size)]
        self._total = sum(float((block.weights @ np.isfinite(block.scores)).sum()) for block in blocks)
        self._weight_rates = self._rate_weights(stiffness)
        self._ability_rates = np.full(size, settings.skill_penalty / self._total, dtype=np.float32)
        self._ability_rates[0] = settings.general_penalty / self._total

    def start(self) -> NDArray[np.float64]:
        random = np.random.default_rng(self._settings.seed)
        weights, offsets, abilities = (np.zeros(shape) for shape in self._shapes)
        offsets[0], offsets[1:-1] = GENERAL_OFFSET, SKILL_OFFSET
        abilities[:, 1:] = random.normal(0, 0.3, abilities[:, 1:].shape)
        return np.concatenate([weights.ravel(), offsets.ravel(), abilities.ravel()])

    def unpack(self, flat: NDArray[np.float64]) -> QualityHead:
        parts: list[Floats] = []
        at = 0
        for shape in self._shapes:
            size = int(np.prod(shape))
            parts.append(flat[at : at + size].reshape(shape).astype(np.float32))
            at += size
        return QualityHead(*parts)

    def loss_and_gradient(self, flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        head = self.unpack(flat)
        raw = self._features @ head.weights + head.offsets
        raw_gradient, ability_gradient = np.zeros_like(raw), np.zeros_like(head.abilities)
        loss = sum(self._add_block(block, head, raw, (raw_gradient, ability_gradient)) for block in self._blocks)
        weight_gradient = self._features.T @ raw_gradient
        penalty = self._add_penalties(head, weight_gradient, ability_gradient)
        parts: list[NDArray[Any]] = [weight_gradient, raw_gradient.sum(axis=0), ability_gradient]
        return loss + penalty, np.concatenate([part.ravel() for part in parts]).astype(np.float64)

    def _add_block(self, block: Block, head: QualityHead, raw: Floats, gradients: tuple[Floats, Floats]) -> float:
        rows = raw[block.prompts]
        discrimination, abilities = _softplus(rows[:, :-1]), head.abilities[block.models]
        logits = discrimination @ abilities.T - rows[:, -1:]
        seen = np.isfinite(block.scores)
        scores = np.where(seen, block.scores, 0)
        weights = np.where(seen, block.weights[:, None], 0) / self._total
        error = ((_sigmoid(logits) - scores) * weights).astype(np.float32)
        own = np.hstack([(error @ abilities) * _sigmoid(rows[:, :-1]), -error.sum(axis=1, keepdims=True)])
        # Neither names a row twice, so plain sums will do.
        gradients[0][block.prompts] += own
        gradients[1][block.models] += error.T @ discrimination
        return float((weights * (np.logaddexp(0, logits) - scores * logits)).sum())

    def _add_penalties(self, head: QualityHead, weight_gradient: Floats, ability_gradient: Floats) -> float:
        weight_gradient += self._weight_rates * head.weights
        ability_gradient += self._ability_rates * head.abilities
        weights = float((self._weight_rates * head.weights**2).sum())
        return (weights + float((self._ability_rates * head.abilities**2).sum())) / 2

    def _rate_weights(self, stiffness: Floats | float) -> Floats:
        """Penalties [p, d + 1] in the units of the mean likelihood per answer."""
        prompts = sum(float(block.weights.sum()) for block in self._blocks)
        rates = np.empty(self._shapes[0], dtype=np.float32)
        rates[:, :-1] = np.reshape(self._settings.discrimination_penalty * stiffness, (-1, 1)) / prompts
        rates[:, -1] = self._settings.difficulty_penalty / prompts
        return rates


def _softplus(values: Floats) -> Floats:
    return np.logaddexp(0, values).astype(np.float32)


def _sigmoid(values: Floats) -> Floats:
    return (1 / (1 + np.exp(-np.clip(values, -60, 60)))).astype(np.float32)
