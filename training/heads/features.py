"""What the linear heads see of a prompt: scaled embedding and surface features, and closeness to landmarks.

Closeness fades to zero away from the training set, so that what rests on it fades to the average there.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.cluster import MiniBatchKMeans

from training.arrays import Floats
from training.encoder.embeddings import Embedded

# How fast closeness fades with the cosine distance to a landmark.
SHARPNESS = 8.0
SURFACE_LIMIT = 4.0
# Unit vectors of 512 numbers are brought to about one per number.
VECTOR_SCALE = float(np.sqrt(512))
CLOSENESS_SCALE = 8.0


@dataclass(frozen=True, slots=True)
class FeatureSpace:
    """`landmarks` are unit vectors [k, 512]; surface features are centred, scaled and held within 4 deviations."""

    surface_mean: Floats
    surface_sd: Floats
    landmarks: Floats

    @property
    def plain_size(self) -> int:
        """How many features stand before the closeness to landmarks."""
        return self.landmarks.shape[1] + len(self.surface_mean)

    def features(self, embedded: Embedded) -> Floats:
        surface = np.clip((embedded.surfaces - self.surface_mean) / self.surface_sd, -SURFACE_LIMIT, SURFACE_LIMIT)
        closeness = np.exp(SHARPNESS * (embedded.vectors @ self.landmarks.T - 1)) * CLOSENESS_SCALE
        return np.hstack([embedded.vectors * VECTOR_SCALE, surface, closeness]).astype(np.float32)


def fit_feature_space(embedded: Embedded, *, landmarks: int, seed: int) -> FeatureSpace:
    return FeatureSpace(
        surface_mean=embedded.surfaces.mean(axis=0),
        surface_sd=embedded.surfaces.std(axis=0) + np.float32(0.05),
        landmarks=find_landmarks(embedded.vectors, count=landmarks, seed=seed),
    )


def find_landmarks(vectors: Floats, *, count: int, seed: int) -> Floats:
    """Centres of k-means, brought back to unit length."""
    count = min(count, len(vectors))
    means: Any = MiniBatchKMeans(count, random_state=seed, batch_size=4096, max_iter=30)
    centres = np.asarray(means.fit(vectors).cluster_centers_, dtype=np.float32)
    return centres / np.linalg.norm(centres, axis=1, keepdims=True)
