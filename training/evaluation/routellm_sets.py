"""How well we tell which prompts need the strong model: RouteLLM's three sets and two models, none of them trained on.

    python -m training.evaluation.routellm_sets [--data DIR]

Prompts of those sets that other sources hold too, under any wording, are left out of training; the two models are known
from other benchmarks alone. The published figures are the best of RouteLLM's own routers.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.arrays import Floats
from training.data.outcome_blocks import build_blocks, outcome_model
from training.data.routing_data import RoutingTable, routing_tables
from training.encoder.make_encoder import make_encoder
from training.evaluation.routing_figures import INTERVAL, gap_recovered, weak_and_strong
from training.heads.familiarity import fit_fading
from training.heads.features import fit_feature_space
from training.heads.fit_heads import LEAVE_OUT, OutcomeData
from training.heads.quality_head import QualitySettings, fit_quality_head
from training.make_model import load_outcomes
from training.places import CACHE, DATA, SEED

SOURCE = "routellm"
PUBLISHED = {"routellm/mmlu": 0.603, "routellm/gsm8k": 0.622, "routellm/mt_bench": 0.802}
RESAMPLINGS = 500


@dataclass(frozen=True, slots=True)
class GapRecovered:
    """APGR with its 90 % interval over resampled prompts."""

    benchmark: str
    prompts: int
    apgr: float
    low: float
    high: float


def main() -> None:
    parser = argparse.ArgumentParser(description="APGR on RouteLLM's sets, none of them trained on.")
    parser.add_argument("--data", type=Path, default=DATA / "router")
    arguments = parser.parse_args()
    data = load_outcomes(arguments.data, make_encoder(CACHE / "encoder"))
    print(f"{'set':20}{'prompts':>8}{'APGR':>8}{'90 %':>16}{'published':>11}")
    for found in measure_gaps(data, seed=SEED):
        print(
            f"{found.benchmark:20}{found.prompts:8}{found.apgr:8.3f}{found.low:9.3f}{found.high:7.3f}"
            f"{PUBLISHED.get(found.benchmark, float('nan')):11.3f}"
        )


def measure_gaps(data: OutcomeData, *, seed: int) -> Iterator[GapRecovered]:
    """One per set; none where the data has no outcomes of RouteLLM."""
    for table in routing_tables(data.prompts, data.outcomes):
        if table.source == SOURCE:
            predicted = predict_unseen_source(data, table, seed=seed)
            for benchmark in np.unique(table.benchmarks):
                rows = table.benchmarks == benchmark
                yield _measure(str(benchmark), predicted[rows], table.scores[rows], table.cost_usd[rows], seed=seed)


def predict_unseen_source(data: OutcomeData, table: RoutingTable, *, seed: int) -> Floats:
    """Qualities [prompts, models] by the shipped recipe, fitted on no prompt of the table nor a twin of one."""
    strange = np.isin(data.prompts.groups, table.groups) | np.isin(data.prompts.sources, [*LEAVE_OUT, table.source])
    known = data.embedded.take(np.flatnonzero(~strange))
    space = fit_feature_space(known, seed=seed)
    head = fit_quality_head(
        space.features(data.embedded),
        build_blocks(data.prompts, data.outcomes, data.models, rows=~strange, leave_out=LEAVE_OUT),
        models=len(data.models),
        settings=QualitySettings(seed=seed),
        stiffness=space.stiffness,
    )
    asked = data.embedded.take(table.prompts)
    models = np.array([data.models.index(outcome_model(table.source, model)) for model in table.models])
    familiarity = fit_fading(known.vectors, space.landmarks).of(asked.vectors)
    return head.predict(space.features(asked), models, familiarity)


def _measure(benchmark: str, predicted: Floats, scores: Floats, cost: Floats, *, seed: int) -> GapRecovered:
    weak, strong = weak_and_strong(scores, cost)
    random = np.random.default_rng(seed)
    drawn = random.integers(0, len(scores), (RESAMPLINGS, len(scores)))
    gaps = [gap_recovered(predicted[rows], scores[rows], weak=weak, strong=strong) for rows in drawn]
    low, high = np.percentile(gaps, INTERVAL)
    whole = gap_recovered(predicted, scores, weak=weak, strong=strong)
    return GapRecovered(benchmark, len(scores), whole, low=float(low), high=float(high))


if __name__ == "__main__":
    main()
