"""What the heads are trained on: each prompt's embedding, surface features and token ids, kept in a cache.

Texts go through the same preparation as in the service, one at a time: int8 scales depend on the whole batch.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pointsman.adapters import onnx_meta_model
from pointsman.adapters.onnx_meta_model import EMBEDDING_FILE, load_tokenizer, open_session, prepare_input
from pointsman.domain import classifier_text as classifier
from pointsman.domain import surface, surface_shapes, surface_vocabulary, surface_words, word_hashes
from pointsman.domain.classifier_text import classifier_text
from pointsman.domain.request import Message, TextPart

from training.arrays import Integers
from training.encoder.embedding_store import Row, read_through


@dataclass(frozen=True, slots=True)
class Embedded:
    """Row i: `vectors[i]`, `segments[i]`, `surfaces[i]`, and what of `tokens` and `words` is its own."""

    vectors: NDArray[np.float32]
    segments: NDArray[np.float16]
    surfaces: NDArray[np.float32]
    tokens: "Runs"
    words: "Runs"

    def take(self, rows: Integers) -> "Embedded":
        plain = (self.vectors[rows], self.segments[rows], self.surfaces[rows])
        return Embedded(*plain, self.tokens.take(rows), self.words.take(rows))


@dataclass(frozen=True, slots=True)
class Runs:
    """Row i holds `values[starts[i]:starts[i + 1]]`."""

    values: NDArray[np.int32]
    starts: Integers

    def __iter__(self) -> Iterator[NDArray[np.int32]]:
        return (self.values[start:stop] for start, stop in pairwise(self.starts))

    def take(self, rows: Integers) -> "Runs":
        return join_runs([self.values[self.starts[row] : self.starts[row + 1]] for row in rows])


def join_runs(rows: Sequence[NDArray[np.integer[Any]]]) -> Runs:
    starts = np.concatenate([[0], np.cumsum([len(row) for row in rows], dtype=np.int64)])
    return Runs(np.concatenate([np.empty(0, dtype=np.int32), *rows]).astype(np.int32), starts)


def prompt_text(text: str) -> str:
    """A bare prompt as the service would read it: one user turn and nothing else."""
    return classifier_text([Message("user", (TextPart(text),))])


def embed_texts(texts: Sequence[str], *, encoder: Path, tokenizer: Path, cache: Path) -> Embedded:
    """Texts that this encoder read before, in whatever company, come from the cache."""
    read = _reader(encoder, tokenizer)
    rows = read_through(texts, read, file=cache / f"embedded-{version(encoder, tokenizer)}.sqlite")
    vectors, segments, surfaces, tokens, words = zip(*rows, strict=True)
    return Embedded(np.stack(vectors), np.stack(segments), np.stack(surfaces), join_runs(tokens), join_runs(words))


def _reader(encoder: Path, tokenizer_file: Path) -> Callable[[str], Row]:
    session, tokenizer = open_session(encoder), load_tokenizer(tokenizer_file)

    def read(text: str) -> Row:
        given = prepare_input(tokenizer, prompt_text(text))
        vector, segments = session.run(["embedding", "segments"], {"input_ids": given.input_ids[None]})
        return vector[0], segments.reshape(-1), given.surface, given.input_ids, given.words

    return read


def version(encoder: Path, tokenizer: Path) -> str:
    """Whatever a row depends on beside its text: the graph and its embedding, the tokenizer, and how a text is read."""
    graph = [path for path in (encoder, encoder.with_name(EMBEDDING_FILE)) if path.exists()]
    surfaces = (surface, surface_shapes, surface_vocabulary, surface_words)
    code = [Path(module.__file__ or "") for module in (onnx_meta_model, *surfaces, word_hashes, classifier)]
    digest = hashlib.sha256()
    for file in [*graph, tokenizer, *code]:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
