"""What the heads are trained on: each prompt's embedding, surface features and token ids, kept in a cache.

Texts go through the same preparation as in the service, one at a time: int8 scales depend on the whole batch.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pointsman.adapters.onnx_meta_model import load_tokenizer, open_session, prepare_input
from pointsman.domain.classifier_text import classifier_text
from pointsman.domain.request import Message, TextPart

from training.arrays import Integers
from training.progress import show_progress


@dataclass(frozen=True, slots=True)
class Embedded:
    """Row i: `vectors[i]`, `surfaces[i]`, and token ids `tokens[starts[i]:starts[i + 1]]`."""

    vectors: NDArray[np.float32]
    surfaces: NDArray[np.float32]
    tokens: NDArray[np.int32]
    starts: Integers

    def take(self, rows: Integers) -> "Embedded":
        pieces = [self.tokens[self.starts[row] : self.starts[row + 1]] for row in rows]
        starts = np.concatenate([[0], np.cumsum([len(piece) for piece in pieces], dtype=np.int64)])
        tokens = np.concatenate([np.empty(0, dtype=np.int32), *pieces])
        return Embedded(self.vectors[rows], self.surfaces[rows], tokens, starts)


def prompt_text(text: str) -> str:
    """A bare prompt as the service would read it: one user turn and nothing else."""
    return classifier_text([Message("user", (TextPart(text),))])


def embed_texts(texts: Sequence[str], *, encoder: Path, tokenizer: Path, cache: Path) -> Embedded:
    key = _cache_key(texts, encoder, tokenizer)
    file = cache / f"embedded-{key}.npz"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        computed = _compute(texts, encoder, tokenizer)
        np.savez(
            file,
            vectors=computed.vectors,
            surfaces=computed.surfaces,
            tokens=computed.tokens,
            starts=computed.starts,
        )
    with np.load(file) as archive:
        return Embedded(archive["vectors"], archive["surfaces"], archive["tokens"], archive["starts"])


def _compute(texts: Sequence[str], encoder: Path, tokenizer_file: Path) -> Embedded:
    session, tokenizer = open_session(encoder), load_tokenizer(tokenizer_file)
    vectors: list[NDArray[np.float32]] = []
    surfaces: list[NDArray[np.float32]] = []
    tokens: list[NDArray[np.int32]] = []
    for text in show_progress(texts, "embed"):
        given = prepare_input(tokenizer, prompt_text(text))
        vectors.append(np.asarray(session.run(["embedding"], {"input_ids": given.input_ids[None]})[0])[0])
        surfaces.append(given.surface)
        tokens.append(given.input_ids.astype(np.int32))
    starts = np.concatenate([[0], np.cumsum([len(piece) for piece in tokens], dtype=np.int64)])
    return Embedded(np.stack(vectors), np.stack(surfaces), np.concatenate(tokens), starts)


def _cache_key(texts: Sequence[str], *files: Path) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    for text in texts:
        digest.update(text.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()[:16]
