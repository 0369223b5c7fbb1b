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
from numpy.typing import NDArray

from training.arrays import Integers, Names
from training.data.columns import Columns, UnusableDataError

# A source weighs by the root of its size: more of one kind teach little, and cost as much.
MOST_PER_KIND = 300
# Sources that gather many data sets.
COLLECTIONS = frozenset({"yizhongw/self-instruct:t0_train_50k"})


@dataclass(frozen=True, slots=True)
class TaskPrompt:
    """`origin` is the source, or the part of it where one source is a collection of data sets.

    `is_altered` where it is another prompt's copy: trained on, not judged by.
    """

    text: str
    label: str
    labels_ok: tuple[str, ...]
    source: str
    language: str
    modality_in: tuple[str, ...]
    licence: str
    origin: str
    is_altered: bool = False


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
    """UnusableDataError where the file cannot serve."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            prompts = [_read_task_prompt(line, f"{path}, line {number}") for number, line in enumerate(file, 1)]
    except OSError as error:
        raise UnusableDataError(f"{path}: {error.strerror or error}") from error
    if not prompts:
        raise UnusableDataError(f"{path}: there are no prompts")
    return prompts


def _read_task_prompt(line: str, place: str) -> TaskPrompt:
    try:
        return _task_prompt(json.loads(line))
    except KeyError as error:
        raise UnusableDataError(f"{place}: there is no {error}") from error
    except (ValueError, TypeError) as error:
        raise UnusableDataError(f"{place}: {error}") from error


def thin_out(prompts: Sequence[TaskPrompt], *, seed: int, most: int = MOST_PER_KIND) -> list[TaskPrompt]:
    """At most `most` of one origin and label, drawn at random; the order stays."""
    rows_of: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for row, prompt in enumerate(prompts):
        rows_of[prompt.origin, prompt.label].append(row)
    random = Random(seed)
    kept = {row for rows in rows_of.values() for row in random.sample(rows, min(most, len(rows)))}
    return [prompt for row, prompt in enumerate(prompts) if row in kept]


def read_outcome_prompts(directory: Path) -> OutcomePrompts:
    """A prompt without a group of near-duplicates is its own, one without a family goes by its benchmark's name.

    UnusableDataError where the file cannot serve.
    """
    table = Columns(directory / "prompts.parquet")
    ids, benchmarks = table.names("prompt_id"), table.names("benchmark")
    if len(np.unique(ids)) < len(ids):
        raise UnusableDataError(f"{directory / 'prompts.parquet'}: a prompt_id occurs twice")
    return OutcomePrompts(
        ids,
        table.texts("prompt"),
        sources=table.names("source"),
        benchmarks=benchmarks,
        families=table.names_or("family", benchmarks),
        splits=table.names_or("split", np.full(len(ids), "test")),
        groups=table.names_or("dup_group", ids),
    )


def read_outcomes(directory: Path, prompts: OutcomePrompts) -> Outcomes:
    """Rows without a score are left out, as is an entry known to cheat its judge.

    UnusableDataError where the file cannot serve.
    """
    table = Columns(directory / "outcomes.parquet")
    # One carrier prefixes the names of models that it also lists without.
    models = np.array([name.removeprefix("oll2:") for name in table.texts("model")], dtype=np.str_)
    scores, tokens = table.numbers("score", high=1.0), table.numbers("out_tokens")
    columns: dict[str, Any] = {
        "prompts": _rows_of(table.texts("prompt_id"), prompts, directory),
        "sources": table.names("source"),
        "models": models,
        "scores": scores,
        # Four characters to a token, where a source counted characters only.
        "output_tokens": np.where(np.isnan(tokens), table.numbers("out_chars") / 4, tokens),
        "cost_usd": table.numbers("cost_usd"),
    }
    kept = np.isfinite(scores) & (models != "NullModel")
    return Outcomes(**{name: column[kept] for name, column in columns.items()})


def _rows_of(ids: Sequence[str], prompts: OutcomePrompts, directory: Path) -> Integers:
    row_of = {name: row for row, name in enumerate(prompts.ids.tolist())}
    strange = next((name for name in ids if name not in row_of), None)
    if strange is not None:
        raise UnusableDataError(f"{directory / 'outcomes.parquet'}: prompt_id {strange} is not in prompts.parquet")
    return np.array([row_of[name] for name in ids], dtype=np.int64)


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
