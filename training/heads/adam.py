"""Adam with decoupled weight decay, for whole parameters and for the rows of a table that a batch touched."""

import numpy as np
from numpy.typing import NDArray

from training.arrays import Floats, Integers

FIRST_DECAY, SECOND_DECAY, TINY = 0.9, 0.999, 1e-8


class Adam:
    """Changes `parameters` in place; rows that no batch touched keep their moments."""

    def __init__(self, parameters: dict[str, NDArray[np.float32]], weight_decay: float) -> None:
        self.parameters = parameters
        self._weight_decay = weight_decay
        self._first = {name: np.zeros_like(values) for name, values in parameters.items()}
        self._second = {name: np.zeros_like(values) for name, values in parameters.items()}
        self._step, self._rate = 0, 0.0

    def begin_step(self, rate: float) -> None:
        self._step, self._rate = self._step + 1, rate

    def move(self, name: str, gradient: Floats) -> None:
        self.move_rows(name, slice(None), gradient)

    def move_rows(self, name: str, rows: Integers | slice, gradient: Floats) -> None:
        values, first, second = (store[name] for store in (self.parameters, self._first, self._second))
        first[rows] += (1 - FIRST_DECAY) * (gradient - first[rows])
        second[rows] += (1 - SECOND_DECAY) * (gradient**2 - second[rows])
        mean = first[rows] / (1 - FIRST_DECAY**self._step)
        root = np.sqrt(second[rows] / (1 - SECOND_DECAY**self._step)) + TINY
        values[rows] -= np.float32(self._rate) * (mean / root + self._weight_decay * values[rows])
