"""How near a prompt lies to prompts that were trained on, from its nearest landmark. Knows vectors only."""

from dataclasses import dataclass

import numpy as np

from training.arrays import Floats

# Share of the training prompts that count as more strange than familiar.
STRANGE_SHARE = 0.02
STEEPNESS = 0.04
# What is read of a prompt's outcomes fades late and fast: groups of prompts hold well beyond their own benchmarks.
FADING_SHARE, FADING_STEEPNESS = 0.002, 0.01


@dataclass(frozen=True, slots=True)
class Familiarity:
    """1 near a landmark, 0 far from all; a half at cosine `threshold`."""

    landmarks: Floats
    threshold: float
    steepness: float

    def of(self, vectors: Floats) -> Floats:
        nearest = (vectors @ self.landmarks.T).max(axis=1)
        distance = np.clip((self.threshold - nearest) / self.steepness, -60, 60)
        return (1 / (1 + np.exp(distance))).astype(np.float32)


def fit_familiarity(
    vectors: Floats, landmarks: Floats, *, strange_share: float = STRANGE_SHARE, steepness: float = STEEPNESS
) -> Familiarity:
    nearest = (vectors @ landmarks.T).max(axis=1)
    return Familiarity(landmarks, float(np.quantile(nearest, strange_share)), steepness)


def fit_fading(vectors: Floats, landmarks: Floats) -> Familiarity:
    """By how much the readings of a prompt go by its own features rather than by those of the average prompt."""
    return fit_familiarity(vectors, landmarks, strange_share=FADING_SHARE, steepness=FADING_STEEPNESS)
