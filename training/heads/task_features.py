"""What the task head sees of a prompt: embedding, surface features, pooled segments, and bags.

A bag holds hashed tokens, pairs of neighbours or words, of the whole text or of one of its ends.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pointsman.domain.word_hashes import WORD_BUCKETS
from scipy import sparse

from training.arrays import Floats, Integers, Sparse
from training.encoder.embeddings import Embedded
from training.heads.features import SURFACE_LIMIT, VECTOR_SCALE

BUCKETS = WORD_BUCKETS
# Multipliers of a pair's left and right token id.
LEFT, RIGHT = 7919, 104_729
HEAD, TAIL = 12, 16
ENDS: Mapping[str, slice] = {"whole": slice(None), "head": slice(HEAD), "tail": slice(-TAIL, None)}
TABLES = ("tokens", "pairs", "words")


@dataclass(frozen=True, slots=True)
class TaskFeatures:
    """`dense` [n, d]; `bags[table, end]` sparse [n, BUCKETS], each row of unit length where no bucket repeats."""

    dense: Floats
    bags: Mapping[tuple[str, str], Sparse]

    def take(self, rows: Integers) -> "TaskFeatures":
        return TaskFeatures(self.dense[rows], {name: bag[rows] for name, bag in self.bags.items()})


@dataclass(frozen=True, slots=True)
class TaskSpace:
    """Surface features and segments are centred, scaled and held within 4 deviations."""

    mean: Floats
    sd: Floats

    def features(self, embedded: Embedded) -> TaskFeatures:
        centred = (_measured(embedded) - self.mean) / self.sd
        held = np.clip(centred, -SURFACE_LIMIT, SURFACE_LIMIT)
        dense = np.hstack([embedded.vectors * np.float32(VECTOR_SCALE), held]).astype(np.float32)
        return TaskFeatures(dense, _bags(embedded))


def fit_task_space(embedded: Embedded) -> TaskSpace:
    measured = _measured(embedded)
    return TaskSpace(measured.mean(axis=0), measured.std(axis=0) + np.float32(0.05))


def hash_pairs(ids: Integers) -> Integers:
    """Bucket numbers of the pairs of neighbours."""
    wide = ids.astype(np.int64)
    return (wide[:-1] * LEFT + wide[1:] * RIGHT) % BUCKETS


def _measured(embedded: Embedded) -> Floats:
    return np.hstack([embedded.surfaces, embedded.segments.astype(np.float32)])


def _bags(embedded: Embedded) -> Mapping[tuple[str, str], Sparse]:
    buckets = {
        "tokens": [ids % BUCKETS for ids in embedded.tokens],
        "pairs": [hash_pairs(ids) for ids in embedded.tokens],
        "words": list(embedded.words),
    }
    return {(table, end): _bag([row[part] for row in buckets[table]]) for table in TABLES for end, part in ENDS.items()}


def _bag(rows: Sequence[Integers]) -> Sparse:
    sizes = np.array([len(row) for row in rows])
    values: NDArray[np.float32] = np.repeat(np.maximum(sizes, 1) ** -0.5, sizes).astype(np.float32)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    matrix: Any = sparse.csr_matrix
    return matrix((values, np.concatenate(rows), starts), shape=(len(rows), BUCKETS))
