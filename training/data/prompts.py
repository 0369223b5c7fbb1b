"""The two kinds of training data: prompts with a task label, and prompts with outcomes of models."""

import gzip
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow.compute
import pyarrow.parquet
from numpy.typing import NDArray

from training.arrays import Integers, Names

# A source weighs by the root of its size: more of one kind teach little, and cost as much.
MOST_PER_KIND = 300
# Sources that gather many data sets.
COLLECTIONS = frozenset({"yizhongw/self-instruct:t0_train_50k"})


@dataclass(frozen=True, slots=True)
class TaskPrompt:
    """`origin` is the source, or the part of it where one source is a collection of data sets."""

    text: str
    label: str
    labels_ok: tuple[str, ...]
    source: str
    language: str
    modality_in: tuple[str, ...]
    licence: str
    origin: str


@dataclass(frozen=True, slots=True)
class OutcomePrompts:
    """Columns of prompts.parquet, one entry per prompt."""

    ids: Names
    texts: Sequence[str]
    sources: Names
    benchmarks: Names
    families: Names
    splits: Names
    groups: Names


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Columns of outcomes.parquet; `prompts` are row numbers in OutcomePrompts, not-a-number where unknown."""

    prompts: Integers
    sources: Names
    models: Names
    scores: NDArray[np.float32]
    output_tokens: NDArray[np.float32]
    cost_usd: NDArray[np.float32]


def read_task_prompts(path: Path) -> list[TaskPrompt]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [_task_prompt(json.loads(line)) for line in file]


def thin_out(prompts: Sequence[TaskPrompt], *, seed: int, most: int = MOST_PER_KIND) -> list[TaskPrompt]:
    """At most `most` of one origin and label, drawn at random; the order stays."""
    rows_of: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for row, prompt in enumerate(prompts):
        rows_of[prompt.origin, prompt.label].append(row)
    random = Random(seed)
    kept = {row for rows in rows_of.values() for row in random.sample(rows, min(most, len(rows)))}
    return [prompt for row, prompt in enumerate(prompts) if row in kept]


def read_outcome_prompts(directory: Path) -> OutcomePrompts:
    table = _read_table(directory / "prompts.parquet")
    names = ("prompt_id", "source", "benchmark", "family", "split", "dup_group")
    ids, sources, benchmarks, families, splits, groups = (
        np.array(table[name].cast("string").to_pylist()) for name in names
    )
    return OutcomePrompts(
        ids,
        table["prompt"].to_pylist(),
        sources=sources,
        benchmarks=benchmarks,
        families=families,
        splits=splits,
        groups=groups,
    )


def read_outcomes(directory: Path, prompts: OutcomePrompts) -> Outcomes:
    """Rows without a score are left out, as is an entry known to cheat its judge."""
    compute: Any = pyarrow.compute
    table = _read_table(directory / "outcomes.parquet")
    table = table.filter(
        compute.and_(compute.is_valid(table["score"]), compute.not_equal(table["model"].cast("string"), "NullModel"))
    )
    row_of = {name: row for row, name in enumerate(prompts.ids)}
    tokens, characters = (_float_column(table[name]) for name in ("out_tokens", "out_chars"))
    return Outcomes(
        prompts=np.array([row_of[name] for name in table["prompt_id"].to_pylist()]),
        sources=np.array(table["source"].cast("string").to_pylist()),
        # One carrier prefixes the names of models that it also lists without.
        models=np.array([name.removeprefix("oll2:") for name in table["model"].cast("string").to_pylist()]),
        scores=_float_column(table["score"]),
        # Four characters to a token, where a source counted characters only.
        output_tokens=np.where(np.isnan(tokens), characters / 4, tokens).astype(np.float32),
        cost_usd=_float_column(table["cost_usd"]),
    )


def _read_table(path: Path) -> Any:
    parquet: Any = pyarrow.parquet
    return parquet.read_table(path)


def _float_column(column: Any) -> NDArray[np.float32]:
    return column.to_numpy().astype(np.float32)


def _task_prompt(row: dict[str, Any]) -> TaskPrompt:
    return TaskPrompt(
        text=row["text"],
        label=row["label"],
        labels_ok=tuple(row["labels_ok"]),
        source=row["source"],
        language=row["lang"],
        modality_in=tuple(row["modality_in"]),
        licence=row["licence"],
        origin=_origin(row),
    )


def _origin(row: dict[str, Any]) -> str:
    """A data set's name is the first word of its prompts' names."""
    return f"{row['source']}:{row['orig_label'].split('_')[0]}" if row["source"] in COLLECTIONS else row["source"]
