"""The meta-model as an ONNX graph beside its tokenizer and card. One thread, one run, answers in thousandths."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import onnxruntime
from kitoken import Kitoken
from numpy.typing import NDArray

from pointsman.domain.errors import MetaModelError
from pointsman.domain.features import Reading
from pointsman.domain.surface import SURFACE_NAMES, surface_features
from pointsman.domain.word_hashes import word_hashes

MODEL_FILE, TOKENIZER_FILE, CARD_FILE = "model.onnx", "tokenizer.kit", "card.json"
# The graph's largest tensor, beside it so that it is mapped into memory, not read.
EMBEDDING_FILE = "embedding.bin"
BEGIN_ID, END_ID = 1, 2
OUTPUTS = ("task", "discrimination", "difficulty", "log_length", "ood")
# Tokens kept of a longer text, at its head and its tail: instructions stand at either end.
HEAD_TOKENS, TAIL_TOKENS = 256, 128


@dataclass(frozen=True, slots=True)
class ModelInput:
    input_ids: NDArray[np.int64]
    words: NDArray[np.int64]
    surface: NDArray[np.float32]


class GraphSession(Protocol):
    """What is used of onnxruntime's session, which ships no types."""

    def run(self, output_names: Sequence[str], input_feed: Mapping[str, NDArray[Any]]) -> Sequence[NDArray[Any]]: ...


@dataclass(frozen=True, slots=True)
class _Card:
    labels: tuple[str, ...]
    surface: tuple[str, ...]
    sha256: Mapping[str, str]
    media_thresholds_milli: Mapping[str, int]


class OnnxMetaModel:
    """Reads `directory` once. Raises MetaModelError where a file is absent, damaged or of another release.

    The embedding's content is not read here: `check_release` does that, where the layer is built.
    """

    def __init__(self, directory: Path) -> None:
        card = _read_card(directory / CARD_FILE)
        if card.surface != SURFACE_NAMES:
            raise MetaModelError("the meta-model was trained on other surface features than this release computes")
        for name in (MODEL_FILE, TOKENIZER_FILE):
            _check_file(directory / name, expected_sha256=card.sha256[name])
        if not (directory / EMBEDDING_FILE).is_file():
            raise MetaModelError(f"the meta-model's {EMBEDDING_FILE} cannot be read")
        self._card = card
        self._tokenizer = load_tokenizer(directory / TOKENIZER_FILE)
        self._session = open_session(directory / MODEL_FILE)

    @property
    def sha256(self) -> str:
        return self._card.sha256[MODEL_FILE]

    @property
    def labels(self) -> tuple[str, ...]:
        return self._card.labels

    @property
    def is_degraded(self) -> bool:
        return False

    @property
    def media_thresholds_milli(self) -> Mapping[str, int]:
        return self._card.media_thresholds_milli

    def read(self, text: str) -> Reading:
        given = prepare_input(self._tokenizer, text)
        feed = {"input_ids": given.input_ids[None], "words": given.words[None], "surface": given.surface[None]}
        task, discrimination, difficulty, log_length, ood = map(_to_milli, self._session.run(OUTPUTS, feed))
        return Reading(
            task_milli=task,
            discrimination_milli=discrimination,
            difficulty_milli=difficulty[0],
            log_length_milli=(log_length[0], log_length[1], log_length[2]),
            ood_milli=ood[0],
        )


def check_release(directory: Path) -> None:
    """Raises MetaModelError where one of the files is not what the card describes."""
    for name, sha256 in _read_card(directory / CARD_FILE).sha256.items():
        _check_file(directory / name, expected_sha256=sha256)


def load_tokenizer(path: Path) -> Kitoken:
    return Kitoken.from_file(str(path))


def open_session(path: Path) -> GraphSession:
    """The graph was optimised when it was made, so loading does it no second time."""
    runtime: Any = onnxruntime
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.graph_optimization_level = runtime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return runtime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def prepare_input(tokenizer: Kitoken, text: str) -> ModelInput:
    # Half a surrogate pair is legal in JSON and no text to the tokenizer. Small letters: case is how somebody types.
    readable = text.lower().encode("utf-8", "replace").decode("utf-8")
    ids = [BEGIN_ID, *tokenizer.encode(readable), END_ID]
    return ModelInput(
        input_ids=np.array(cut_middle(ids), dtype=np.int64),
        words=np.array(word_hashes(text), dtype=np.int64),
        surface=np.array(surface_features(text), dtype=np.float32),
    )


def cut_middle(ids: Sequence[int]) -> Sequence[int]:
    if len(ids) <= HEAD_TOKENS + TAIL_TOKENS:
        return ids
    return [*ids[:HEAD_TOKENS], *ids[-TAIL_TOKENS:]]


def _read_card(path: Path) -> _Card:
    try:
        card: Any = json.loads(path.read_text(encoding="utf-8"))
        hashes = {name: str(card["sha256"][name]) for name in (MODEL_FILE, EMBEDDING_FILE, TOKENIZER_FILE)}
        # A release without thresholds answers every chat in text.
        thresholds = {str(name): int(milli) for name, milli in card.get("media_thresholds_milli", {}).items()}
        return _Card(tuple(card["labels"]), tuple(card["surface"]), hashes, thresholds)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise MetaModelError(f"the meta-model's {path.name} cannot be read") from error


def _check_file(path: Path, *, expected_sha256: str) -> None:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise MetaModelError(f"the meta-model's {path.name} cannot be read") from error
    if found != expected_sha256:
        raise MetaModelError(f"the meta-model's {path.name} is not the file that its card describes")


def _to_milli(output: NDArray[np.float32]) -> tuple[int, ...]:
    return tuple(int(value) for value in np.rint(output.reshape(-1) * 1000))
