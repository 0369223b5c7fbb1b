"""The routers that are compared: from prompts with known outcomes, qualities of every model on other prompts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.cluster import KMeans

from training.arrays import Floats, Integers, Names
from training.encoder.embeddings import Embedded
from training.evaluation.logistic_models import fit_logistic_models
from training.heads.familiarity import fit_fading
from training.heads.features import fit_feature_space
from training.heads.quality_head import Block, QualitySettings
from training.heads.transfer import fit_transferable_head

NEIGHBOURS = 100
# Prompts whose neighbours are looked for together: bounds the memory of large sources.
AT_ONCE = 1000
CLUSTERS = 32
LOGISTIC_PENALTY = 3e-2


@dataclass(frozen=True, slots=True)
class RoutingProblem:
    """Known prompts with scores [n, m] and benchmarks [n], and those to be predicted, both as rows of `embedded`."""

    embedded: Embedded
    known: Integers
    unknown: Integers
    scores: Floats
    benchmarks: Names
    seed: int


Router = Callable[[RoutingProblem], Floats]


def predict_random(problem: RoutingProblem) -> Floats:
    random = np.random.default_rng(problem.seed)
    return random.random((len(problem.unknown), problem.scores.shape[1]))


def predict_mean(problem: RoutingProblem) -> Floats:
    return np.tile(problem.scores.mean(axis=0), (len(problem.unknown), 1))


def predict_knn(problem: RoutingProblem) -> Floats:
    known, count = problem.embedded.vectors[problem.known], min(NEIGHBOURS, len(problem.known))
    parts = [problem.unknown[at : at + AT_ONCE] for at in range(0, len(problem.unknown), AT_ONCE)]
    return np.vstack([_mean_of_nearest(problem.embedded.vectors[part], known, problem.scores, count) for part in parts])


def _mean_of_nearest(vectors: Floats, known: Floats, scores: Floats, count: int) -> Floats:
    nearest = np.argpartition(-(vectors @ known.T), count - 1, axis=1)[:, :count]
    return scores[nearest].mean(axis=1)


def predict_clusters(problem: RoutingProblem) -> Floats:
    """Means of the nearest cluster, as Avengers-Pro does."""
    vectors = problem.embedded.vectors
    kmeans: Any = KMeans
    means = kmeans(min(CLUSTERS, len(problem.known)), random_state=problem.seed, n_init=1)
    own = means.fit_predict(vectors[problem.known])
    # Prompts alike to the last word may leave a cluster without any.
    table = np.tile(problem.scores.mean(axis=0), (means.n_clusters, 1))
    for cluster in np.unique(own):
        table[cluster] = problem.scores[own == cluster].mean(axis=0)
    return table[means.predict(vectors[problem.unknown])]


def predict_logistic(problem: RoutingProblem) -> Floats:
    vectors = problem.embedded.vectors * np.float32(np.sqrt(problem.embedded.vectors.shape[1]))
    models = fit_logistic_models(vectors[problem.known], problem.scores, penalty=LOGISTIC_PENALTY)
    return models.predict(vectors[problem.unknown])


def predict_ours(problem: RoutingProblem) -> Floats:
    """The recipe of the shipped quality head, on the known prompts alone."""
    known, unknown = problem.embedded.take(problem.known), problem.embedded.take(problem.unknown)
    space = fit_feature_space(known, seed=problem.seed)
    rows, models = np.arange(len(problem.known)), np.arange(int(problem.scores.shape[1]))
    head = fit_transferable_head(
        space.features(known),
        [Block(rows, models, problem.scores, np.ones(len(rows), dtype=np.float32))],
        problem.benchmarks,
        models=len(models),
        settings=QualitySettings(seed=problem.seed),
        stiffness=space.stiffness,
    )
    familiarity = fit_fading(known.vectors, space.landmarks).of(unknown.vectors)
    return head.predict(space.features(unknown), models, familiarity)


LEARNED: Mapping[str, Router] = {
    "random": predict_random,
    "mean": predict_mean,
    "knn": predict_knn,
    "clusters": predict_clusters,
    "logistic": predict_logistic,
    "ours": predict_ours,
}
