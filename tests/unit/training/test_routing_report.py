"""Sources of odd shapes: each gives sound figures, or says why it gives none."""

from dataclasses import replace

import numpy as np
import pytest

from training.arrays import Floats
from training.data.prompts import OutcomePrompts, Outcomes
from training.data.routing_data import RoutingTable, routing_tables
from training.encoder.embeddings import Embedded, join_runs
from training.evaluation.routers import LEARNED
from training.evaluation.routing_report import RoutingReport, report_routing

PROMPTS = 150


def made_table(
    *,
    prompts: int = PROMPTS,
    models: int = 3,
    benchmarks: int = 2,
    split: str = "train",
    cost: Floats | float = np.nan,
    holes: Floats | None = None,
) -> RoutingTable:
    """Odd prompts are hard ones that only the last model answers well."""
    numbers = np.arange(prompts)
    ids = numbers.astype(np.str_)
    sources = np.full(prompts, "s")
    known = OutcomePrompts(
        ids, ids.tolist(), sources, (numbers % benchmarks).astype(np.str_), sources, np.full(prompts, split), ids
    )
    at, model = (part.ravel() for part in np.meshgrid(numbers, np.arange(models), indexing="ij"))
    scores = np.where((at % 2 == 0) | (model == models - 1), 1.0, 0.0).astype(np.float32)
    kept = np.isfinite(np.broadcast_to(0.0 if holes is None else holes, (prompts, models)).ravel())
    answers = int(kept.sum())
    outcomes = Outcomes(
        prompts=at[kept],
        sources=np.full(answers, "s"),
        models=np.array([f"m-{number}b" for number in model[kept]]),
        scores=scores[kept],
        output_tokens=np.full(answers, np.nan, dtype=np.float32),
        cost_usd=np.broadcast_to(cost, (prompts, models)).ravel()[kept].astype(np.float32),
    )
    return routing_tables(known, outcomes)[0]


def made_embedding(prompts: int = PROMPTS) -> Embedded:
    random = np.random.default_rng(0)
    vectors = random.normal(size=(prompts, 8)) + 3 * (np.arange(prompts) % 2)[:, None]
    unit = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    runs = join_runs([np.zeros(1, dtype=np.int64)] * prompts)
    return Embedded(unit, unit.astype(np.float16), unit, tokens=runs, words=runs)


def is_sound(report: RoutingReport) -> bool:
    figures = [value for routers in report.values() for row in routers.values() for value in row.values()]
    return bool(figures) and bool(np.isfinite(figures).all())


@pytest.mark.parametrize(
    ("table", "modes"),
    [
        (made_table(), {"cv", "lobo"}),
        (made_table(benchmarks=1), {"cv"}),
        (made_table(models=2, split="test"), {"cv", "lobo"}),
        (made_table(cost=np.array([0.0, 1.0, 2.0])), {"cv", "lobo"}),
        (made_table(cost=1.0), {"cv", "lobo"}),
    ],
    ids=["three models", "one benchmark", "two models, nothing known", "a free model", "all at one cost"],
)
def test_a_source_of_odd_shape_gives_sound_figures(table: RoutingTable, modes: set[str]) -> None:
    report = report_routing(table, made_embedding(), seed=1)
    assert set(report) == modes
    assert is_sound(report)
    assert {*LEARNED, "oracle", "cheapest", "best_single", "hull"} == set(report["cv"])


def test_what_can_be_learned_is_learned() -> None:
    report = report_routing(made_table(), made_embedding(), seed=1)["cv"]
    assert report["ours"]["aiq_linear"] > report["mean"]["aiq_linear"] + 0.05


def test_prompts_that_are_all_twins_leave_nothing_to_test() -> None:
    twins = replace(made_table(), groups=np.full(PROMPTS, "t"))
    assert report_routing(twins, made_embedding(), seed=1) == {}


@pytest.mark.parametrize(
    ("table", "shortcoming"),
    [
        (made_table(models=1), "fewer than two models"),
        (made_table(prompts=20), "20 prompts that 3 models all answered, of 100 needed"),
        (made_table(cost=0.0), "no answer that cost anything"),
        (made_table(), ""),
    ],
    ids=["one model", "few prompts", "all free", "fit"],
)
def test_a_source_unfit_to_route_on_says_why(table: RoutingTable, shortcoming: str) -> None:
    assert table.shortcoming == shortcoming


def test_the_largest_table_without_gaps_is_taken() -> None:
    holes = np.zeros((PROMPTS, 3))
    holes[40:, 1] = np.nan
    table = made_table(holes=holes)
    assert table.models == ["m-0b", "m-2b"]
    assert len(table.prompts) == PROMPTS
