"""What was read of a text before, by the text's digest, in one SQLite file. Knows neither encoder nor tokenizer."""

import hashlib
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from training.progress import show_progress

# Vector, pooled segments, surface, token ids, word hashes.
Row: TypeAlias = tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]
DTYPES = (np.float32, np.float16, np.float32, np.int32, np.int32)
# An interrupted run keeps what it had read up to here.
ROWS_KEPT_AT_ONCE = 500


def read_through(texts: Sequence[str], read: Callable[[str], Row], *, file: Path) -> list[Row]:
    """A row for each text, in order; `read` is asked only for those that the file does not hold yet."""
    file.parent.mkdir(parents=True, exist_ok=True)
    digests = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts]
    with closing(sqlite3.connect(file, timeout=600)) as base:
        base.execute(
            "CREATE TABLE IF NOT EXISTS rows (digest BLOB PRIMARY KEY, a BLOB, b BLOB, c BLOB, d BLOB, e BLOB)"
        )
        held = {digest for (digest,) in base.execute("SELECT digest FROM rows")}
        missing = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in held}
        _add(base, missing, read)
        return [_find(base, digest) for digest in digests]


def _add(base: sqlite3.Connection, texts: Mapping[bytes, str], read: Callable[[str], Row]) -> None:
    for number, digest in enumerate(show_progress(list(texts), "embed"), 1):
        parts = zip(read(texts[digest]), DTYPES, strict=True)
        blobs = (np.ascontiguousarray(part, dtype=dtype).tobytes() for part, dtype in parts)
        base.execute("INSERT OR REPLACE INTO rows VALUES (?, ?, ?, ?, ?, ?)", (digest, *blobs))
        if number % ROWS_KEPT_AT_ONCE == 0:
            base.commit()
    base.commit()


def _find(base: sqlite3.Connection, digest: bytes) -> Row:
    parts = base.execute("SELECT a, b, c, d, e FROM rows WHERE digest = ?", (digest,)).fetchone()
    a, b, c, d, e = (np.frombuffer(part, dtype=dtype) for part, dtype in zip(parts, DTYPES, strict=True))
    return a, b, c, d, e
