"""One source of outcomes as whole tables: every chosen model answered every chosen prompt, at a cost."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from training.arrays import Flags, Floats, Integers, Names
from training.data.prompts import OutcomePrompts, Outcomes
from training.data.token_prices import USUAL_OUTPUT_TOKENS, usd_per_mtok

FEWEST_PROMPTS, FEWEST_MODELS = 100, 2
CHARACTERS_PER_TOKEN = 4


@dataclass(frozen=True, slots=True)
class RoutingTable:
    """`prompts` are rows of OutcomePrompts; scores and cost_usd are [prompts, models]."""

    source: str
    prompts: Integers
    models: Sequence[str]
    scores: Floats
    cost_usd: Floats
    benchmarks: Names
    groups: Names
    splits: Names

    @property
    def shortcoming(self) -> str:
        """Why there is nothing to route on here; empty where there is."""
        if len(self.models) < FEWEST_MODELS:
            return "fewer than two models"
        if len(self.prompts) < FEWEST_PROMPTS:
            return (
                f"{len(self.prompts)} prompts that {len(self.models)} models all answered, of {FEWEST_PROMPTS} needed"
            )
        if not self.cost_usd.any():
            return "no answer that cost anything"
        return ""


def routing_tables(prompts: OutcomePrompts, outcomes: Outcomes) -> list[RoutingTable]:
    """One per source of outcomes, fit to route on or not."""
    return [_routing_table(source, prompts, outcomes) for source in sorted(set(map(str, outcomes.sources)))]


def _routing_table(source: str, prompts: OutcomePrompts, outcomes: Outcomes) -> RoutingTable:
    chosen = np.flatnonzero((outcomes.sources == source) & (prompts.sources[outcomes.prompts] == source))
    rows, row_at = np.unique(outcomes.prompts[chosen], return_inverse=True)
    models, model_at = np.unique(outcomes.models[chosen], return_inverse=True)
    scores, tokens, cost = (
        _spread(values[chosen], row_at, model_at, shape=(len(rows), len(models)))
        for values in (outcomes.scores, outcomes.output_tokens, outcomes.cost_usd)
    )
    whole, columns = _largest_whole(np.isfinite(scores))
    lengths = np.array([len(prompts.texts[int(row)]) for row in rows[whole]])
    kept = np.ix_(whole, columns)
    names = [str(models[column]) for column in columns]
    return RoutingTable(
        source=source,
        prompts=rows[whole],
        models=names,
        scores=scores[kept],
        cost_usd=_fill_cost(cost[kept], tokens[kept], lengths, names),
        benchmarks=prompts.benchmarks[rows[whole]],
        groups=prompts.groups[rows[whole]],
        splits=prompts.splits[rows[whole]],
    )


def _largest_whole(seen: Flags) -> tuple[Integers, Integers]:
    """Rows and columns of the most answers without a gap, columns taken from the fullest on; two at least."""
    if not seen.size:
        return np.arange(0), np.arange(0)
    order = np.argsort(-seen.sum(axis=0), kind="stable")
    whole = np.logical_and.accumulate(seen[:, order], axis=1)
    answers = whole.sum(axis=0) * np.arange(1, len(order) + 1)
    # One model alone would always be whole, and leave nothing to choose.
    fewest = min(FEWEST_MODELS, len(order))
    count = fewest + int(answers[fewest - 1 :].argmax())
    return np.flatnonzero(whole[:, count - 1]), np.sort(order[:count])


def _spread(values: Floats, rows: Integers, columns: Integers, *, shape: tuple[int, int]) -> Floats:
    table = np.full(shape, np.nan, dtype=np.float32)
    table[rows, columns] = values
    return table


def _fill_cost(cost: Floats, tokens: Floats, characters: Integers, models: Sequence[str]) -> Floats:
    """The source's own cost, or tokens at the model's price; an answer of unknown length has the usual one."""
    prices = np.array([usd_per_mtok(model) for model in models]).reshape(-1, 2) / 1e6
    written = np.where(np.isfinite(tokens), tokens, USUAL_OUTPUT_TOKENS)
    read = characters[:, None] / CHARACTERS_PER_TOKEN
    return np.where(np.isfinite(cost), cost, read * prices[:, 0] + written * prices[:, 1])
