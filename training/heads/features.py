"""What the quality head sees of a prompt: which groups of known prompts it lies among, coarse to fine, and its surface.

Groups share what was seen of their members, so that a fine one speaks only where it holds enough; a prompt between
groups belongs to several in part.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.cluster import MiniBatchKMeans

from training.arrays import Floats
from training.encoder.embeddings import Embedded

# Each size stands for one clustering of all known prompts; twice, since where a border falls is chance.
GROUP_SIZES = (8, 16, 32, 64, 128, 256) * 2
# How fast membership passes from one centre to the next with the cosine.
SHARPNESS = 30.0
SURFACE_LIMIT = 4.0
SURFACE_SCALE = 0.1
# How strongly a surface feature is held back from discriminating, against a group of the middle size.
SURFACE_STIFFNESS = 5.0
MIDDLE_SIZE = 32
# Unit vectors of 512 numbers are brought to about one per number.
VECTOR_SCALE = float(np.sqrt(512))
# A group with fewer prompts than this on average would know single prompts by heart.
FEWEST_MEMBERS = 3


@dataclass(frozen=True, slots=True)
class FeatureSpace:
    """`centres` [k, 512] of all groups, `sizes` of their clusterings, `mean` [k + s] of the features."""

    surface_mean: Floats
    surface_sd: Floats
    centres: Floats
    sizes: tuple[int, ...]
    mean: Floats

    @property
    def stiffness(self) -> Floats:
        """Per feature, how much more evidence it needs to part models: finer groups hold fewer prompts."""
        groups = np.repeat(self.sizes, self.sizes) / MIDDLE_SIZE
        return np.concatenate([groups, np.full(len(self.surface_mean), SURFACE_STIFFNESS)]).astype(np.float32)

    @property
    def landmarks(self) -> Floats:
        """Centres of the finest clustering, of unit length."""
        finest = self.centres[-self.sizes[-1] :]
        return finest / np.linalg.norm(finest, axis=1, keepdims=True)

    def features(self, embedded: Embedded) -> Floats:
        """[n, k + s]: memberships, which sum to one over each clustering, and the surface; zero on average."""
        return _raw_features(self.centres, self.sizes, embedded.vectors, self.surface(embedded)) - self.mean

    def plain(self, embedded: Embedded) -> Floats:
        """[n, 512 + s]: the embedding and the surface, as a head that goes by no groups sees them."""
        return np.hstack([embedded.vectors * VECTOR_SCALE, self.surface(embedded)]).astype(np.float32)

    def surface(self, embedded: Embedded) -> Floats:
        return np.clip((embedded.surfaces - self.surface_mean) / self.surface_sd, -SURFACE_LIMIT, SURFACE_LIMIT)


def fit_feature_space(embedded: Embedded, *, seed: int) -> FeatureSpace:
    most = max(1, len(embedded.vectors) // FEWEST_MEMBERS)
    sizes = tuple(min(size, most) for size in GROUP_SIZES)
    # Starting centres that keep away from each other take most of the time, and gain nothing here.
    centres = np.vstack(
        [_find_centres(embedded.vectors, size, seed + turn, init="random") for turn, size in enumerate(sizes)]
    )
    bare = FeatureSpace(
        surface_mean=embedded.surfaces.mean(axis=0),
        surface_sd=embedded.surfaces.std(axis=0) + np.float32(0.05),
        centres=centres,
        sizes=sizes,
        mean=np.zeros(1, dtype=np.float32),
    )
    mean = bare.features(embedded).mean(axis=0)
    return FeatureSpace(bare.surface_mean, bare.surface_sd, centres=centres, sizes=sizes, mean=mean)


def find_landmarks(vectors: Floats, *, count: int, seed: int) -> Floats:
    """Centres of k-means, brought back to unit length."""
    centres = _find_centres(vectors, min(count, len(vectors)), seed, init="k-means++")
    return centres / np.linalg.norm(centres, axis=1, keepdims=True)


def _raw_features(centres: Floats, sizes: Sequence[int], vectors: Floats, surface: Floats) -> Floats:
    nearness = SHARPNESS * (vectors @ centres.T - (centres**2).sum(axis=1) / 2)
    clusterings = np.split(nearness, np.cumsum(sizes)[:-1], axis=1)
    return np.hstack([*map(_softmax, clusterings), surface * SURFACE_SCALE]).astype(np.float32)


def _softmax(logits: Floats) -> Floats:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def _find_centres(vectors: Floats, count: int, seed: int, *, init: str) -> Floats:
    means: Any = MiniBatchKMeans
    found = means(count, init=init, random_state=seed, batch_size=2048, max_iter=20, n_init=1).fit(vectors)
    return np.asarray(found.cluster_centers_, dtype=np.float32)
