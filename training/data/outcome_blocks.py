"""Outcomes as one dense table per source, with weights that keep the largest family from drowning the others."""

import re
from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from training.arrays import Flags, Integers
from training.data.prompts import OutcomePrompts, Outcomes
from training.heads.quality_head import Block

# Weight of a family grows with the root of its number of prompts.
FAMILY_EXPONENT = -0.5
# Function calling depends on the harness more than on the model: its abilities stand apart.
OWN_MODELS = frozenset({"bfcl_2024_08"})


def canonical_model(name: str) -> str:
    """The name without its organisation, host, case and punctuation: sources write one model in many ways."""
    bare = name.split("/")[-1].split("@")[0].lower()
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-").removeprefix("meta-").replace("-inst-fp8", "-instruct")


def outcome_model(source: str, name: str) -> str:
    """A model under a harness that measures something else than answering is kept a model of its own."""
    return f"{canonical_model(name)} in {source}" if source in OWN_MODELS else canonical_model(name)


def build_blocks(
    prompts: OutcomePrompts,
    outcomes: Outcomes,
    models: list[str],
    *,
    rows: Flags,
    leave_out: Collection[str] = (),
) -> list[Block]:
    """One block per source of outcomes, of the prompts where `rows` is true."""
    number_of = {name: number for number, name in enumerate(models)}
    weights = family_weights(prompts, rows)
    blocks: list[Block] = []
    for source in sorted(set(outcomes.sources) - set(leave_out)):
        chosen = np.flatnonzero((outcomes.sources == source) & rows[outcomes.prompts])
        if len(chosen):
            blocks.append(_build_block(outcomes, chosen, number_of, weights))
    return blocks


def family_weights(prompts: OutcomePrompts, rows: Flags) -> NDArray[np.float32]:
    names, members = np.unique(prompts.families, return_inverse=True)
    counts = np.bincount(members[rows], minlength=len(names)).clip(min=1)
    weights = (counts / counts.mean()) ** FAMILY_EXPONENT
    return weights[members].astype(np.float32)


def _build_block(
    outcomes: Outcomes, chosen: Integers, number_of: dict[str, int], weights: NDArray[np.float32]
) -> Block:
    rows, row_at = np.unique(outcomes.prompts[chosen], return_inverse=True)
    names = np.array(
        [number_of[outcome_model(str(outcomes.sources[row]), str(outcomes.models[row]))] for row in chosen]
    )
    columns, column_at = np.unique(names, return_inverse=True)
    scores = np.full((len(rows), len(columns)), np.nan, dtype=np.float32)
    scores[row_at, column_at] = outcomes.scores[chosen]
    return Block(rows, columns, scores, weights[rows])
