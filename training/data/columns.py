"""Columns of a parquet file as arrays, and in plain words what is wrong with them. Knows no column by name."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet
from numpy.typing import NDArray

from training.arrays import Names


class UnusableDataError(ValueError):
    """Given data that nothing can be made of; the message names the file, the column and what is wrong."""


class Columns:
    """Reads `path` once. UnusableDataError where there is no such file, or where a column or an entry lacks."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise UnusableDataError(f"{path}: there is no such file")
        parquet: Any = pyarrow.parquet
        self._path, self._table = path, parquet.read_table(path)

    def texts(self, name: str) -> list[str]:
        entries = self._entries(name)
        if name not in self._table.column_names:
            raise UnusableDataError(f"{self._path}: there is no column {name}")
        if None in entries:
            raise UnusableDataError(f"{self._path}: row {entries.index(None)} has no {name}")
        return [entry for entry in entries if entry is not None]

    def names(self, name: str) -> Names:
        return np.array(self.texts(name), dtype=np.str_)

    def names_or(self, name: str, instead: Sequence[str] | Names) -> Names:
        """With the entry of `instead` where there is none."""
        pairs = zip(self._entries(name), instead, strict=True)
        return np.array([backup if entry is None else entry for entry, backup in pairs], dtype=np.str_)

    def numbers(self, name: str, *, low: float = 0.0, high: float = np.inf) -> NDArray[np.float32]:
        """Not-a-number where there is no entry, or no such column."""
        if name not in self._table.column_names:
            return np.full(len(self._table), np.nan, dtype=np.float32)
        values = self._table[name].cast("float32").to_numpy().astype(np.float32)
        outside = np.flatnonzero((values < low) | (values > high))
        if len(outside):
            raise UnusableDataError(
                f"{self._path}: row {outside[0]} has {name} {values[outside[0]]:g}, outside {low:g} to {high:g}"
            )
        return values

    def _entries(self, name: str) -> list[str | None]:
        if name not in self._table.column_names:
            return [None] * len(self._table)
        return self._table[name].cast("string").to_pylist()
