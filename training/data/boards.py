"""Published leaderboards as scores by benchmark and model, under the benchmark names that the registry uses.

Knows the files' layouts, and writes one model's names in one way; knows nothing of what a score means.
"""

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pointsman.domain.model_card import EvidenceKind

ARENA_FILE = "arena_2026-10-05_tidy.csv"
ARTIFICIAL_ANALYSIS_FILE = "llmval_artificial_analysis_2026-10-03.json"
TRYAII_FILE = "tryaii_models_benchmarks_speed_2026-10.csv"
LIVEBENCH_FILE = "livebench/table_2026_01_08.csv"
# Columns of these files that are no benchmark.
TRYAII_FACTS = {"model", "in_per_m", "out_per_m", "tps", "ttft_ms", "latency"}
INDEX_FIELDS = {"intel": "intelligence_index", "coding": "coding_index", "agentic": "agentic_index"}
# Parts of a name that tell the setting in which a model ran, or the day of its release, not the model.
_SETTINGS = re.compile(
    r"-(?:\d{8}|20\d\d-\d\d-\d\d|\d{4}|preview|latest|thinking|reasoning|non-reasoning|adaptive|base|nothinking"
    r"|x?high|max|medium|low|minimal|none|auto|\d+k|effort|exp|instruct|chat|it|hf|bf16|fp8|001|002|default)(?=-|$)"
)


@dataclass(frozen=True, slots=True)
class BoardScore:
    benchmark: str
    kind: EvidenceKind
    model: str
    score: float
    n: int = 0


def read_boards(directory: Path) -> list[BoardScore]:
    return [
        *_read_arena(directory / ARENA_FILE),
        *_read_artificial_analysis(directory / ARTIFICIAL_ANALYSIS_FILE),
        *_read_tryaii(directory / TRYAII_FILE),
        *_read_livebench(directory / LIVEBENCH_FILE),
    ]


def board_model(name: str) -> str:
    """One name for a model over all boards, whatever its date, effort or host: `gpt-4o`, `claude-opus-4-5`."""
    bare = re.sub(r"[^a-z0-9]+", "-", re.sub(r"\(.*?\)", "", name.split("/")[-1].split("@")[0].lower())).strip("-")
    bare = _SETTINGS.sub("", bare.removeprefix("meta-"))
    return _SETTINGS.sub("", re.sub(r"^claude-(\d(?:-\d)?)-(opus|sonnet|haiku)", r"claude-\2-\1", bare))


def _read_arena(path: Path) -> Iterator[BoardScore]:
    for row in _rows(path):
        name = board_model(row["model"])
        yield BoardScore(f"arena/{row['board']}", "elo", name, float(row["elo"]), int(float(row["votes"] or 0)))


def _read_artificial_analysis(path: Path) -> Iterator[BoardScore]:
    for model in json.loads(path.read_text(encoding="utf-8"))["models"]:
        for field, name in INDEX_FIELDS.items():
            if model[field] is not None:
                yield BoardScore(
                    f"artificial_analysis/{name}", "index", board_model(model["slug"]), float(model[field])
                )


def _read_tryaii(path: Path) -> Iterator[BoardScore]:
    for row in _rows(path):
        for column, value in row.items():
            if column not in TRYAII_FACTS and value:
                name = f"tryaii/{column}"
                if "Elo" in column:
                    yield BoardScore(name, "elo", board_model(row["model"]), float(value))
                else:
                    yield BoardScore(name, "accuracy", board_model(row["model"]), float(value) / 100)


def _read_livebench(path: Path) -> Iterator[BoardScore]:
    for row in _rows(path):
        for column, value in row.items():
            if column != "model" and value:
                yield BoardScore(f"livebench/{column}", "accuracy", board_model(row["model"]), float(value) / 100)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
