"""The onboarding experiment on made-up models whose answers follow their items, and on outcomes small enough to fit."""

from math import exp
from pathlib import Path

import numpy as np
import pytest
from pointsman.domain.gaussian import diagonal
from pointsman.domain.item_response import Belief, Item
from pointsman.domain.onboarding import PoolPrompt

from training.data.prompts import OutcomePrompts, Outcomes
from training.encoder.embeddings import Embedded, join_runs
from training.evaluation.held_out_models import FITTED_SHARE, fit_without
from training.evaluation.onboarding_experiment import (
    ANSWERS,
    MODELS_PER_SOURCE,
    Subject,
    Trial,
    find_subjects,
    onboard,
    summarise,
)
from training.heads.fit_heads import OutcomeData

PROMPTS, MODELS = 900, 20


def make_subject(seed: int) -> Subject:
    random = np.random.default_rng(seed)
    ability = random.normal(0.5, [1.0, 0.5])
    prompts = [
        PoolPrompt(
            str(n), Item((float(random.uniform(0.5, 2)), float(random.uniform(0, 1))), float(random.normal(0.5, 1.5)))
        )
        for n in range(500)
    ]
    chances = np.array([1 / (1 + exp(-prompt.item.logit(ability.tolist()))) for prompt in prompts])
    scores = (random.random(500) < chances).astype(float)
    belief = Belief(diagonal([1.0, 4.0]), [0.5, 0.0])
    rivals = np.full((300, 2), 0.5)
    return Subject(f"s{seed % 2}", belief, prompts[:200], scores[:200], prompts[200:], scores[200:], rivals, rivals)


@pytest.fixture(scope="module")
def trials() -> list[Trial]:
    return [trial for seed in range(4) for trial in onboard(make_subject(seed), seed=seed)]


def test_each_way_is_tried_at_each_number_of_answers(trials: list[Trial]) -> None:
    tried = [(trial.way, trial.answers) for trial in trials[: 1 + 2 * len(ANSWERS)]]
    assert tried == [("full", 200), *(("adaptive", n) for n in ANSWERS), *(("random", n) for n in ANSWERS)]


def test_more_answers_come_nearer_to_the_whole_pool(trials: list[Trial]) -> None:
    report = summarise(trials)
    for way in ("adaptive", "random"):
        rows = report["by_answers"][way]
        assert rows["5"]["excess_brier"] > rows["100"]["excess_brier"] > -0.01
    full = report["by_answers"]["full"]["all"]
    assert (full["excess_brier"], full["regret"]) == (0, 0)
    assert 0.5 <= full["interval_coverage_90"] <= 1


def test_the_intervals_enclose_what_they_are_of(trials: list[Trial]) -> None:
    report = summarise(trials)
    row = report["by_answers"]["random"]["10"]
    assert row["excess_brier_90"][0] <= row["excess_brier"] <= row["excess_brier_90"][1]
    gain = report["better_than_random_at_60"]
    difference = report["by_answers"]["random"]["60"]["brier"] - report["by_answers"]["adaptive"]["60"]["brier"]
    assert gain["brier_gain"] == pytest.approx(difference, abs=2e-4)


def make_outcomes() -> OutcomeData:
    random = np.random.default_rng(0)
    vectors = random.normal(0, 1, (PROMPTS, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    names = np.array([f"p{number}" for number in range(PROMPTS)])
    same = np.array(["one"] * PROMPTS)
    prompts = OutcomePrompts(
        names, names.tolist(), sources=same, benchmarks=same, families=same, splits=same, groups=names
    )
    prompt, model = np.repeat(np.arange(PROMPTS), MODELS), np.tile(np.arange(MODELS), PROMPTS)
    scores = (random.random(len(prompt)) < (model + 1) / (MODELS + 1)).astype(np.float32)
    nothing = np.full(len(prompt), np.nan, dtype=np.float32)
    outcomes = Outcomes(
        prompt,
        np.array(["one"] * len(prompt)),
        np.array([f"m{number:02}" for number in model]),
        scores,
        nothing,
        nothing,
    )
    none = join_runs([np.empty(0, dtype=np.int32)] * PROMPTS)
    embedded = Embedded(vectors, vectors.astype(np.float16), vectors, tokens=none, words=none)
    return OutcomeData(prompts, outcomes, embedded)


def test_items_know_nothing_of_the_models_held_out(tmp_path: Path) -> None:
    ground = fit_without(make_outcomes(), seed=1, cache=tmp_path)
    assert 0 < ground.fitted.mean() < 2 * FITTED_SHARE
    for fold in range(5):
        assert not set(ground.known(fold)) & set(np.flatnonzero(ground.folds == fold))
        unseen = ground.heads[fold].abilities[ground.folds == fold, 0]
        assert np.abs(unseen).max() < 1e-3


def test_what_was_fitted_once_is_read_from_the_cache(tmp_path: Path) -> None:
    first = fit_without(make_outcomes(), seed=1, cache=tmp_path)
    files = {file: file.stat().st_mtime_ns for file in tmp_path.iterdir()}
    again = fit_without(make_outcomes(), seed=1, cache=tmp_path)
    assert {file: file.stat().st_mtime_ns for file in tmp_path.iterdir()} == files
    assert all(
        np.array_equal(one.abilities, other.abilities) for one, other in zip(first.heads, again.heads, strict=True)
    )


def test_a_subjects_prompts_are_either_asked_or_tested_and_never_fitted_on(tmp_path: Path) -> None:
    data = make_outcomes()
    ground = fit_without(data, seed=1, cache=tmp_path)
    subjects = list(find_subjects(data, ground, seed=2))
    assert len(subjects) == MODELS_PER_SOURCE
    for subject in subjects:
        pool, tested = ({int(prompt.prompt_id) for prompt in prompts} for prompts in (subject.pool, subject.tested))
        assert not pool & tested
        assert not ground.fitted[sorted(pool | tested)].any()
        assert subject.rival_scores.shape == subject.rival_quality.shape == (len(tested), 4)
