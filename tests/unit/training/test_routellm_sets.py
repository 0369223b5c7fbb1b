"""On made-up outcomes with hard odd prompts: what is learnt elsewhere tells where the strong model is needed."""

import numpy as np

from training.data.prompts import OutcomePrompts, Outcomes
from training.encoder.embeddings import Embedded, join_runs
from training.evaluation.routellm_sets import measure_gaps
from training.heads.fit_heads import OutcomeData

ELSEWHERE, TESTED = 400, 120


def made_outcomes(source: str) -> OutcomeData:
    """Two models, the second of which also answers the hard prompts; the last prompts are those of `source`."""
    size = ELSEWHERE + TESTED
    numbers = np.arange(size)
    names = np.where(numbers < ELSEWHERE, "elsewhere", source)
    ids = numbers.astype(np.str_)
    prompts = OutcomePrompts(ids, ids.tolist(), names, names, families=names, splits=names, groups=ids)
    at, model = (part.ravel() for part in np.meshgrid(numbers, [0, 1], indexing="ij"))
    unknown = np.full(2 * size, np.nan, dtype=np.float32)
    outcomes = Outcomes(
        prompts=at,
        sources=names[at],
        models=np.array(["weak-7b", "strong-70b"])[model],
        scores=np.where((at % 2 == 0) | (model == 1), 1.0, 0.0).astype(np.float32),
        output_tokens=unknown,
        cost_usd=unknown,
    )
    random = np.random.default_rng(0)
    vectors = random.normal(size=(size, 8)) + 3 * (numbers % 2)[:, None]
    unit = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    runs = join_runs([np.zeros(1, dtype=np.int64)] * size)
    return OutcomeData(prompts, outcomes, Embedded(unit, unit.astype(np.float16), unit, tokens=runs, words=runs))


def test_what_is_learnt_elsewhere_recovers_the_gap() -> None:
    found = list(measure_gaps(made_outcomes("routellm"), seed=1))
    assert [(one.benchmark, one.prompts) for one in found] == [("routellm", TESTED)]
    assert found[0].low <= found[0].apgr <= found[0].high
    assert found[0].apgr > 0.65


def test_data_without_those_sets_has_no_gap() -> None:
    assert list(measure_gaps(made_outcomes("another"), seed=1)) == []
