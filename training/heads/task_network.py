"""A network of one hidden layer over dense features and bags: dropout, Adam with decayed weights.

Written out in numpy, so that training needs no deep-learning framework and one seed gives one network.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from training.arrays import Floats, Integers, Sparse
from training.heads.adam import Adam
from training.heads.softmax_regression import log_softmax
from training.heads.task_features import BUCKETS, ENDS, TABLES, TaskFeatures

Parameters = dict[str, NDArray[np.float32]]
WARM_UP = 0.1
TABLE_SPREAD = 0.02


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    hidden: int = 256
    table_size: int = 16
    dropout: float = 0.4
    epochs: int = 6
    batch: int = 256
    learning_rate: float = 1e-3
    weight_decay: float = 1e-2


@dataclass(frozen=True, slots=True)
class TaskNetwork:
    """Log odds = relu([dense, bags @ tables] @ hidden + hidden_offsets) @ output + output_offsets."""

    tables: Mapping[str, Floats]
    hidden: Floats
    hidden_offsets: Floats
    output: Floats
    output_offsets: Floats

    def logits(self, features: TaskFeatures) -> Floats:
        given = np.hstack([features.dense, *(bag @ self.tables[name] for (name, _), bag in features.bags.items())])
        return np.maximum(given @ self.hidden + self.hidden_offsets, 0) @ self.output + self.output_offsets


def fit_network(
    features: TaskFeatures, targets: Floats, *, weights: Floats, settings: NetworkSettings, seed: int
) -> TaskNetwork:
    """`targets` [n, c] sum to one per row; rows are drawn in proportion to `weights`."""
    random = np.random.default_rng(seed)
    parameters = _start(features.dense.shape[1], targets.shape[1], settings, random)
    adam = Adam(parameters, settings.weight_decay)
    batches = list(_draw_batches(weights, settings, random))
    for step, rows in enumerate(batches, start=1):
        adam.begin_step(settings.learning_rate * _rate_share(step / len(batches)))
        _learn(adam, features.take(rows), targets[rows], settings, random)
    tables = {table: parameters.pop(table) for table in TABLES}
    return TaskNetwork(tables, **parameters)


def _start(dense: int, classes: int, settings: NetworkSettings, random: np.random.Generator) -> Parameters:
    def spread(limit: float, *shape: int) -> NDArray[np.float32]:
        return random.uniform(-limit, limit, shape).astype(np.float32)

    inputs = dense + len(TABLES) * len(ENDS) * settings.table_size
    return {
        **{table: spread(TABLE_SPREAD, BUCKETS, settings.table_size) for table in TABLES},
        "hidden": spread(inputs**-0.5, inputs, settings.hidden),
        "hidden_offsets": np.zeros(settings.hidden, dtype=np.float32),
        "output": spread(settings.hidden**-0.5, settings.hidden, classes),
        "output_offsets": np.zeros(classes, dtype=np.float32),
    }


def _draw_batches(weights: Floats, settings: NetworkSettings, random: np.random.Generator) -> Iterator[Integers]:
    chances = weights / weights.sum(dtype=np.float64)
    for _ in range(settings.epochs):
        order = random.choice(len(weights), size=len(weights), p=chances)
        yield from (order[start : start + settings.batch] for start in range(0, len(order), settings.batch))


def _learn(
    adam: Adam, features: TaskFeatures, targets: Floats, settings: NetworkSettings, random: np.random.Generator
) -> None:
    now, bags = adam.parameters, {name: _Bag(bag, adam.parameters[name[0]]) for name, bag in features.bags.items()}
    given = np.hstack([features.dense, *(bag.sums for bag in bags.values())])
    given_kept = _keep(given.shape, settings.dropout, random)
    given = given * given_kept
    kept = _keep((len(targets), settings.hidden), settings.dropout, random)
    hidden = np.maximum(given @ now["hidden"] + now["hidden_offsets"], 0) * kept
    chances = np.exp(log_softmax(hidden @ now["output"] + now["output_offsets"]))
    error = (chances - targets) / np.float32(len(targets))
    backward = (error @ now["output"].T) * (hidden > 0) * kept
    size = features.dense.shape[1]
    to_bags = (backward @ now["hidden"][size:].T) * given_kept[:, size:]
    adam.move("output", hidden.T @ error)
    adam.move("output_offsets", error.sum(axis=0))
    adam.move("hidden", given.T @ backward)
    adam.move("hidden_offsets", backward.sum(axis=0))
    _learn_tables(adam, bags, to_bags, settings.table_size)


def _learn_tables(adam: Adam, bags: Mapping[tuple[str, str], "_Bag"], errors: Floats, size: int) -> None:
    """The gradient of a table's used rows, summed over its bags."""
    parts = dict(zip(bags, np.split(errors, range(size, errors.shape[1], size), axis=1), strict=True))
    for table in TABLES:
        own = {name: bag for name, bag in bags.items() if name[0] == table}
        used = np.unique(np.concatenate([bag.used for bag in own.values()]))
        gradient = np.zeros((len(used), size), dtype=np.float32)
        for name, bag in own.items():
            gradient[np.searchsorted(used, bag.used)] += bag.matrix.T @ parts[name]
        adam.move_rows(table, used, gradient)


class _Bag:
    """A batch's bag over those buckets alone that occur in it."""

    def __init__(self, bag: Sparse, table: Floats) -> None:
        matrix: Any = sparse.csr_matrix
        self.used, columns = np.unique(bag.indices, return_inverse=True)
        self.matrix: Sparse = matrix((bag.data, columns, bag.indptr), shape=(bag.shape[0], len(self.used)))
        self.sums: Floats = self.matrix @ table[self.used]


def _keep(shape: tuple[int, ...], dropout: float, random: np.random.Generator) -> NDArray[np.float32]:
    """Ones and zeros, the ones scaled so that sums stay as large as without dropout."""
    return (random.random(shape, dtype=np.float32) >= dropout).astype(np.float32) / np.float32(1 - dropout)


def _rate_share(done: float) -> float:
    """Up in a straight line, then down along half a cosine."""
    if done < WARM_UP:
        return done / WARM_UP
    return 0.5 * (1 + float(np.cos(np.pi * (done - WARM_UP) / (1 - WARM_UP))))
