"""How near a prompt lies to prompts that were trained on, from its nearest landmark. Knows vectors only."""

from dataclasses import dataclass

import numpy as np

from training.arrays import Floats

# Share of the training prompts that should count as more strange than familiar.
STRANGE_SHARE = 0.02
STEEPNESS = 0.04


@dataclass(frozen=True, slots=True)
class Familiarity:
    """1 near a landmark, 0 far from all; a half at cosine `threshold`."""

    landmarks: Floats
    threshold: float
    steepness: float

    def of(self, vectors: Floats) -> Floats:
        nearest = (vectors @ self.landmarks.T).max(axis=1)
        return (1 / (1 + np.exp((self.threshold - nearest) / self.steepness))).astype(np.float32)


def fit_familiarity(vectors: Floats, landmarks: Floats) -> Familiarity:
    nearest = (vectors @ landmarks.T).max(axis=1)
    return Familiarity(landmarks, float(np.quantile(nearest, STRANGE_SHARE)), STEEPNESS)
