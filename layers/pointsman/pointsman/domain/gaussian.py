"""A normal distribution over a few dimensions, and the little linear algebra that fitting one takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from operator import mul

Vector = Sequence[float]
Matrix = list[list[float]]


@dataclass(frozen=True, slots=True)
class Gaussian:
    """`mean` [d] and `covariance` [d, d]."""

    mean: tuple[float, ...]
    covariance: Matrix

    @property
    def sd(self) -> tuple[float, ...]:
        return tuple(sqrt(row[index]) for index, row in enumerate(self.covariance))

    def variance_along(self, direction: Vector) -> float:
        """The variance of direction . x."""
        return dot(direction, times(self.covariance, direction))


def dot(left: Vector, right: Vector) -> float:
    return sum(map(mul, left, right))


def times(matrix: Matrix, vector: Vector) -> list[float]:
    return [sum(map(mul, row, vector)) for row in matrix]


def diagonal(values: Vector) -> Matrix:
    return [[value if row == column else 0.0 for column in range(len(values))] for row, value in enumerate(values)]


def add_outer(matrix: Matrix, vector: Vector, weight: float) -> None:
    """Add weight * vector vector^T, in place."""
    for row, value in zip(matrix, vector, strict=True):
        scaled = weight * value
        for column, other in enumerate(vector):
            row[column] += scaled * other


def inverse(matrix: Matrix) -> Matrix:
    """Gauss-Jordan; a precision matrix has a positive diagonal, so no row need be exchanged."""
    size = len(matrix)
    rows = [[*row, *(float(index == own) for index in range(size))] for own, row in enumerate(matrix)]
    for pivot in range(size):
        scale = rows[pivot][pivot]
        rows[pivot] = [value / scale for value in rows[pivot]]
        for other in range(size):
            if other != pivot:
                factor = rows[other][pivot]
                rows[other] = [value - factor * own for value, own in zip(rows[other], rows[pivot], strict=True)]
    return [row[size:] for row in rows]
