"""Each text is read once, in whatever company it comes, and again by whoever reads otherwise."""

from pathlib import Path

import numpy as np
import pytest

from training.encoder import embeddings
from training.encoder.embedding_store import ROWS_KEPT_AT_ONCE, Row, read_through


class Reader:
    def __init__(self) -> None:
        self.seen: list[str] = []

    def __call__(self, text: str) -> Row:
        self.seen.append(text)
        size = len(text)
        ids = np.arange(size, dtype=np.int64)
        return np.full(4, size / 3, dtype=np.float32), np.full(3, 0.5), np.ones(2, dtype=np.float32), ids, ids + 7


def test_only_what_is_new_is_read(tmp_path: Path) -> None:
    reader, file = Reader(), tmp_path / "cache" / "rows.sqlite"
    first = read_through(["one", "three", "one"], reader, file=file)
    again = read_through(["four", "three"], reader, file=file)
    assert reader.seen == ["one", "three", "four"]
    assert [len(row[3]) for row in [*first, *again]] == [3, 5, 3, 4, 5]
    for kept, new in zip(again[1], Reader()("three"), strict=True):
        np.testing.assert_array_equal(kept, new)


def test_what_was_read_before_an_interruption_is_kept(tmp_path: Path) -> None:
    reader, file = Reader(), tmp_path / "rows.sqlite"
    texts = [f"{number}" for number in range(ROWS_KEPT_AT_ONCE)]

    def stop_at_last(text: str) -> Row:
        if text == "last":
            raise KeyboardInterrupt
        return reader(text)

    with pytest.raises(KeyboardInterrupt):
        read_through([*texts, "last"], stop_at_last, file=file)
    read_through([*texts, "last"], reader, file=file)
    assert reader.seen == [*texts, "last"]


@pytest.mark.parametrize("changed", ["encoder.onnx", "embedding.bin", "tokenizer.kit"])
def test_another_encoder_has_another_cache(tmp_path: Path, changed: str) -> None:
    for name in ("encoder.onnx", "embedding.bin", "tokenizer.kit"):
        (tmp_path / name).write_bytes(b"before")
    before = embeddings.version(tmp_path / "encoder.onnx", tmp_path / "tokenizer.kit")
    (tmp_path / changed).write_bytes(b"after")
    assert embeddings.version(tmp_path / "encoder.onnx", tmp_path / "tokenizer.kit") != before
