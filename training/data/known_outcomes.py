"""Outcomes of one folder beside those of another whose prompts are all known, for data that has no training side."""

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from training.data.prompts import OutcomePrompts, Outcomes, read_outcome_prompts, read_outcomes


@dataclass(frozen=True, slots=True)
class Answered:
    """Prompts and what models made of them."""

    prompts: OutcomePrompts
    outcomes: Outcomes

    @property
    def has_known_side(self) -> bool:
        return bool((self.prompts.splits == "train").any())


def read_answered(directory: Path) -> Answered:
    """UnusableDataError where the folder's files cannot serve."""
    prompts = read_outcome_prompts(directory)
    return Answered(prompts, read_outcomes(directory, prompts))


def put_beside(tested: Answered, known: Answered) -> Answered:
    """Rows of `tested` first. Sources that are not tested are left out of the known side."""
    kept = np.flatnonzero(np.isin(known.prompts.sources, np.unique(tested.prompts.sources)))
    prompts = replace(_take_prompts(known.prompts, kept), splits=np.full(len(kept), "train"))
    return Answered(
        prompts=_join_columns(tested.prompts, prompts),
        outcomes=_join_columns(tested.outcomes, _take_outcomes(known.outcomes, kept, first=len(tested.prompts.ids))),
    )


def _take_prompts(prompts: OutcomePrompts, rows: Any) -> OutcomePrompts:
    columns = {field.name: getattr(prompts, field.name) for field in fields(prompts)}
    texts = [prompts.texts[int(row)] for row in rows]
    return OutcomePrompts(**{name: column[rows] for name, column in columns.items() if name != "texts"}, texts=texts)


def _take_outcomes(outcomes: Outcomes, rows: Any, *, first: int) -> Outcomes:
    """`first` is the row that the first taken prompt gets."""
    place = np.full(int(outcomes.prompts.max(initial=0)) + 1, -1)
    held = rows[rows < len(place)]
    place[held] = first + np.arange(len(held))
    chosen = np.flatnonzero(place[outcomes.prompts] >= 0)
    columns = {field.name: getattr(outcomes, field.name)[chosen] for field in fields(outcomes)}
    return Outcomes(**{**columns, "prompts": place[columns["prompts"]]})


def _join_columns(first: Any, second: Any) -> Any:
    def join(name: str) -> Any:
        one, two = getattr(first, name), getattr(second, name)
        return [*one, *two] if name == "texts" else np.concatenate([one, two])

    return type(first)(**{field.name: join(field.name) for field in fields(first)})
