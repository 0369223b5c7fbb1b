"""How fast a new model becomes known: prompts chosen one after another against prompts drawn blindly.

Each held-out model is onboarded with the code that operators use, on one half of the prompts it answered in a source,
and tested on the other half.

    python -m training.evaluation.onboarding_experiment --data DIR --out onboarding.json
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
from pointsman.domain.gaussian import Gaussian
from pointsman.domain.item_response import Answer, Belief, expected_quality, update
from pointsman.domain.onboarding import PoolPrompt, choose_next, pool_quality
from pointsman.domain.quality import SDS_OF_90_PERCENT

from training.arrays import Floats
from training.data.outcome_blocks import build_blocks
from training.encoder.make_encoder import make_encoder
from training.evaluation.figures import area_under_roc, brier
from training.evaluation.held_out_models import FittedWithout, fit_without
from training.heads.fit_heads import LEAVE_OUT, OutcomeData
from training.heads.quality_head import Block
from training.make_model import load_outcomes
from training.places import CACHE, DATA, SEED
from training.progress import show_progress

ANSWERS = (5, 10, 20, 30, 60, 100)
SEEDS = 3
MODELS_PER_SOURCE = 3
POOL, TESTED, FEWEST = 300, 400, 400
RIVALS = 4
RESAMPLES = 2000
DIGITS = 4


@dataclass(frozen=True, slots=True)
class Subject:
    """A model that the items know nothing of. Rivals' scores and predicted qualities are [tested, k]."""

    source: str
    belief: Belief
    pool: list[PoolPrompt]
    pool_scores: Floats
    tested: list[PoolPrompt]
    tested_scores: Floats
    rival_scores: Floats
    rival_quality: Floats


@dataclass(frozen=True, slots=True)
class Trial:
    """`excess` figures are over the same model's with all of its pool graded; `is_covered` by the 90 % interval."""

    source: str
    way: str
    answers: int
    brier: float
    auc: float
    excess_brier: float
    regret: float
    is_covered: bool


def main() -> None:
    parser = argparse.ArgumentParser(description="Onboard models that the items were fitted without.")
    parser.add_argument(
        "--data", type=Path, default=DATA / "router", help="folder of prompts.parquet, outcomes.parquet"
    )
    parser.add_argument("--out", type=Path, required=True, help="where the report is written, as JSON")
    arguments = parser.parse_args()
    report = run_experiment(load_outcomes(arguments.data, make_encoder(CACHE / "encoder")))
    arguments.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print_report(report)


def run_experiment(data: OutcomeData, *, cache: Path = CACHE) -> dict[str, Any]:
    ground = fit_without(data, seed=SEED, cache=cache)
    trials = [
        trial
        for seed in range(SEEDS)
        for subject in show_progress(list(find_subjects(data, ground, seed=seed)), f"onboard, seed {seed}")
        for trial in onboard(subject, seed=seed)
    ]
    return summarise(trials)


def find_subjects(data: OutcomeData, ground: FittedWithout, *, seed: int) -> Iterator[Subject]:
    """Of each source a few models, drawn by `seed`, that answered enough prompts nothing was fitted on."""
    random = np.random.default_rng(seed)
    sources = sorted(set(map(str, data.outcomes.sources)) - set(LEAVE_OUT))
    for source in sources:
        others = {*LEAVE_OUT, *sources} - {source}
        rows = ~ground.fitted
        for block in build_blocks(data.prompts, data.outcomes, data.models, rows=rows, leave_out=others):
            enough = np.flatnonzero(np.isfinite(block.scores).sum(axis=0) >= FEWEST)
            for column in random.permutation(enough)[:MODELS_PER_SOURCE]:
                yield _subject(source, block, ground, int(column), random)


def _subject(source: str, block: Block, ground: FittedWithout, column: int, random: np.random.Generator) -> Subject:
    fold = int(ground.folds[block.models[column]])
    known = np.flatnonzero(np.isin(block.models, ground.known(fold)))
    rivals = random.permutation(known)[:RIVALS]
    seen = random.permutation(np.flatnonzero(np.isfinite(block.scores[:, column])))
    half = len(seen) // 2
    pool, tested = seen[:half][:POOL], seen[half:][:TESTED]
    prompts = ground.prompts(fold, block.prompts[np.concatenate([pool, tested])])
    quality = ground.heads[fold].predict(ground.features[block.prompts[tested]], block.models[rivals])
    return Subject(
        source=source,
        belief=ground.belief(fold),
        pool=prompts[: len(pool)],
        pool_scores=block.scores[pool, column],
        tested=prompts[len(pool) :],
        tested_scores=block.scores[tested, column],
        rival_scores=block.scores[np.ix_(tested, rivals)],
        rival_quality=quality,
    )


def onboard(subject: Subject, *, seed: int) -> Iterator[Trial]:
    """A trial for each way and number of answers, and one with the whole pool graded."""
    everything = list(range(len(subject.pool)))
    full = _posterior(subject, everything)
    yield _trial(subject, "full", everything, full, full)
    orders = {
        "adaptive": _adaptive_order(subject),
        "random": np.random.default_rng(seed).permutation(everything).tolist(),
    }
    for way, order in orders.items():
        for answers in ANSWERS:
            graded = order[:answers]
            yield _trial(subject, way, graded, _posterior(subject, graded), full)


def _adaptive_order(subject: Subject) -> list[int]:
    place = {prompt.prompt_id: number for number, prompt in enumerate(subject.pool)}
    order: list[int] = []
    while len(order) < max(ANSWERS):
        graded = {subject.pool[number].prompt_id for number in order}
        # Early answers move the ability far, so each is awaited; later ones are asked for a few at a time.
        count = 1 if len(order) < 10 else 5
        chosen = choose_next(_posterior(subject, order), subject.pool, graded=graded, count=count)
        order += [place[prompt.prompt_id] for prompt in chosen]
    return order


def _posterior(subject: Subject, graded: Sequence[int]) -> Gaussian:
    answers = [Answer(subject.pool[number].item, float(subject.pool_scores[number])) for number in graded]
    return update(subject.belief, answers)


def _trial(subject: Subject, way: str, graded: Sequence[int], posterior: Gaussian, full: Gaussian) -> Trial:
    chances, known = (_qualities(subject, found) for found in (posterior, full))
    scores = subject.tested_scores
    return Trial(
        source=subject.source,
        way=way,
        answers=len(graded),
        brier=brier(chances, scores),
        auc=area_under_roc(chances, scores),
        excess_brier=brier(chances, scores) - brier(known, scores),
        regret=_routed(subject, known) - _routed(subject, chances),
        is_covered=_covers(posterior, subject, chances),
    )


def _qualities(subject: Subject, posterior: Gaussian) -> Floats:
    return np.array([expected_quality(prompt.item, posterior) for prompt in subject.tested])


def _routed(subject: Subject, chances: Floats) -> float:
    """Mean score where each prompt goes to whoever is thought to answer it best; a missing score is left out."""
    chosen = np.hstack([chances[:, None], subject.rival_quality]).argmax(axis=1)
    scores = np.hstack([subject.tested_scores[:, None], subject.rival_scores])
    return float(np.nanmean(scores[np.arange(len(chosen)), chosen]))


def _covers(posterior: Gaussian, subject: Subject, chances: Floats) -> bool:
    """Whether the mean score lies in the 90 % interval of predicted mean quality, widened by the mean's own error.

    That error is of what the prompts' own chances leave open: they are known, and the same on both sides.
    """
    quality, scores = pool_quality(posterior, subject.tested), subject.tested_scores
    sd = (quality.high - quality.low) / (2 * SDS_OF_90_PERCENT)
    reach = SDS_OF_90_PERCENT * sqrt(sd**2 + float((scores - chances).var()) / len(scores))
    return abs(float(scores.mean()) - (quality.low + quality.high) / 2) <= reach


def summarise(trials: Sequence[Trial]) -> dict[str, Any]:
    """By way and number of answers: means over sources of means over models, with 90 % bootstrap intervals."""
    report: dict[str, Any] = {"models": sum(trial.way == "full" for trial in trials), "by_answers": {}}
    keys = dict.fromkeys((trial.way, "all" if trial.way == "full" else trial.answers) for trial in trials)
    for way, answers in keys:
        chosen = [trial for trial in trials if trial.way == way and (way == "full" or trial.answers == answers)]
        report["by_answers"].setdefault(way, {})[str(answers)] = _figures(chosen)
    report["better_than_random_at_60"] = _compare_at(trials, answers=60)
    return report


def _figures(trials: Sequence[Trial]) -> dict[str, float | list[float]]:
    excess = _by_source(trials, [trial.excess_brier for trial in trials])
    return {
        "brier": _mean(_by_source(trials, [trial.brier for trial in trials])),
        "auc": _mean(_by_source(trials, [trial.auc for trial in trials])),
        "excess_brier": _mean(excess),
        "excess_brier_90": _bootstrap(excess),
        "regret": _mean(_by_source(trials, [trial.regret for trial in trials])),
        "interval_coverage_90": _mean(_by_source(trials, [float(trial.is_covered) for trial in trials])),
    }


def _compare_at(trials: Sequence[Trial], *, answers: int) -> dict[str, float | list[float]]:
    """Random's excess over adaptive's, pair by pair."""
    ways = [[t for t in trials if t.way == way and t.answers == answers] for way in ("random", "adaptive")]
    gains = [blind.brier - chosen.brier for blind, chosen in zip(*ways, strict=True)]
    by_source = _by_source(ways[0], gains)
    return {"brier_gain": _mean(by_source), "brier_gain_90": _bootstrap(by_source)}


def _by_source(trials: Sequence[Trial], values: Sequence[float]) -> list[Floats]:
    sources = np.array([trial.source for trial in trials])
    return [np.array(values)[sources == source] for source in np.unique(sources)]


def _mean(groups: Sequence[Floats]) -> float:
    return round(float(np.mean([group.mean() for group in groups])), DIGITS)


def _bootstrap(groups: Sequence[Floats]) -> list[float]:
    """The 90 % interval of the mean, models drawn anew within each source."""
    random = np.random.default_rng(SEED)
    drawn = [random.choice(group, (RESAMPLES, len(group))).mean(axis=1) for group in groups]
    return [round(float(value), DIGITS) for value in np.quantile(np.mean(drawn, axis=0), (0.05, 0.95))]


def print_report(report: dict[str, Any]) -> None:
    print(f"{'way':10}{'answers':>8}{'Brier':>8}{'excess':>9}{'90 %':>18}{'AUC':>7}{'regret':>8}{'cover':>7}")
    for way, rows in report["by_answers"].items():
        for answers, row in rows.items():
            low, high = row["excess_brier_90"]
            print(
                f"{way:10}{answers:>8}{row['brier']:8.4f}{row['excess_brier']:+9.4f}{low:+9.4f}{high:+9.4f}"
                f"{row['auc']:7.3f}{row['regret']:+8.4f}{row['interval_coverage_90']:7.2f}"
            )
    gain = report["better_than_random_at_60"]
    print(f"60 chosen answers against 60 random ones: Brier lower by {gain['brier_gain']} {gain['brier_gain_90']}")


if __name__ == "__main__":
    main()
