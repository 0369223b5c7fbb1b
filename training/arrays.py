"""The kinds of arrays that training passes around, and thin typed doors to libraries that ship no types."""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

Floats: TypeAlias = NDArray[np.floating[Any]]
Integers: TypeAlias = NDArray[np.integer[Any]]
Flags: TypeAlias = NDArray[np.bool_]
Names: TypeAlias = NDArray[np.str_]
# A sparse matrix of scipy; rows may be taken and dense tables multiplied as with an array.
Sparse: TypeAlias = Any

LossAndGradient = Callable[[NDArray[np.float64]], tuple[float, NDArray[np.float64]]]


def minimise(function: LossAndGradient, start: Floats, *, iterations: int) -> NDArray[np.float64]:
    """L-BFGS from `start`, with exact gradients; stops after `iterations` at the latest."""
    search: Any = optimize
    found = search.minimize(function, start, jac=True, method="L-BFGS-B", options={"maxiter": iterations, "maxcor": 12})
    return found.x


def minimise_within(function: Callable[[float], float], low: float, high: float) -> float:
    search: Any = optimize
    return float(search.minimize_scalar(function, bounds=(low, high), method="bounded").x)
