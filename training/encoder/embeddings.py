"""What the heads are trained on: each prompt's embedding, surface features and token ids, kept in a cache.

Texts go through the same preparation as in the service, one at a time: int8 scales depend on the whole batch.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pointsman.adapters.onnx_meta_model import load_tokenizer, open_session, prepare_input
from pointsman.domain import classifier_text as classifier
from pointsman.domain import surface, word_hashes
from pointsman.domain.classifier_text import classifier_text
from pointsman.domain.request import Message, TextPart

from training.arrays import Integers
from training.progress import show_progress


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
    key = _cache_key(
        texts, encoder, tokenizer, *map(Path, (surface.__file__, word_hashes.__file__, classifier.__file__))
    )
    file = cache / f"embedded-{key}.npz"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        computed = _compute(texts, encoder, tokenizer)
        np.savez(
            file,
            vectors=computed.vectors,
            segments=computed.segments,
            surfaces=computed.surfaces,
            tokens=computed.tokens.values,
            token_starts=computed.tokens.starts,
            words=computed.words.values,
            word_starts=computed.words.starts,
        )
    with np.load(file) as archive:
        tokens, words = Runs(archive["tokens"], archive["token_starts"]), Runs(archive["words"], archive["word_starts"])
        return Embedded(archive["vectors"], archive["segments"], archive["surfaces"], tokens, words)


def _compute(texts: Sequence[str], encoder: Path, tokenizer_file: Path) -> Embedded:
    session, tokenizer = open_session(encoder), load_tokenizer(tokenizer_file)
    rows: list[tuple[NDArray[Any], ...]] = []
    for text in show_progress(texts, "embed"):
        given = prepare_input(tokenizer, prompt_text(text))
        vector, segments = session.run(["embedding", "segments"], {"input_ids": given.input_ids[None]})
        pooled = segments.reshape(-1).astype(np.float16)
        rows.append((vector[0], pooled, given.surface, given.input_ids.astype(np.int32), given.words.astype(np.int32)))
    vectors, pooled_segments, surfaces, tokens, words = zip(*rows, strict=True)
    return Embedded(
        np.stack(vectors), np.stack(pooled_segments), np.stack(surfaces), join_runs(tokens), join_runs(words)
    )


def _cache_key(texts: Sequence[str], *files: Path) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    for text in texts:
        digest.update(text.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()[:16]
