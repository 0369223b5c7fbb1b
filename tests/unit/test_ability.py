from dataclasses import replace
from datetime import date

import pytest
from pointsman.domain.ability import INDEPENDENT_ITEMS, AbilityItem, AbilityPrior, fit_ability, score_logit
from pointsman.domain.model_card import Ability, Evidence, EvidenceKind

ITEMS = {
    "hard": AbilityItem((2.0, 0.5), 2.0, 0.4),
    "easy": AbilityItem((1.0, 0.2), -1.0, 0.4),
    "board": AbilityItem((0.8, 0.1), 0.0, 0.3),
}
PRIOR = AbilityPrior((0.5, 0.0), (1.0, 0.5))


def seen(benchmark: str, score: float, kind: EvidenceKind = "accuracy", n: int = 0) -> Evidence:
    return Evidence(benchmark, kind, score, date(2026, 10, 5), "a test", n)


def fit(*evidence: Evidence) -> Ability:
    return fit_ability(evidence, ITEMS, PRIOR, meta_model_sha256="sha")


def test_without_evidence_the_prior_is_the_answer_and_says_so() -> None:
    assert fit() == Ability((500, 0), (1000, 500), "sha", "class_prior")


def test_evidence_on_unknown_benchmarks_changes_nothing() -> None:
    assert fit(seen("of another release", 0.9)) == fit()


def test_what_a_score_says_of_two_dimensions_together_narrows_them_together() -> None:
    one = {"sum": AbilityItem((1.0, 1.0), 0.0, 0.01)}
    prior = AbilityPrior((0.0, 0.0), (1.0, 1.0))
    known = fit_ability([seen("sum", 0.5)], one, prior, meta_model_sha256="sha")
    # Each alone stays open by half of its variance, their sum is as well known as the score.
    assert known.sd_milli == (707, 707)
    assert known.joint_milli == pytest.approx(1000 * 0.01, abs=1)


def test_higher_scores_give_higher_ability() -> None:
    weak, strong = fit(seen("hard", 0.2)), fit(seen("hard", 0.8))
    assert strong.mean_milli[0] > weak.mean_milli[0]
    assert strong.basis == weak.basis == "evidence"


def test_evidence_narrows_the_posterior_and_more_of_it_does_so_further() -> None:
    one, two = fit(seen("hard", 0.6)), fit(seen("hard", 0.6), seen("board", 1400, "elo"))
    assert 1000 > one.sd_milli[0] > two.sd_milli[0] > 0


def test_much_evidence_is_not_trusted_as_if_it_were_independent() -> None:
    many = fit(*(seen("hard", 0.6) for _ in range(40)))
    some = fit(*(seen("hard", 0.6) for _ in range(INDEPENDENT_ITEMS)))
    assert many == some


def test_an_accurate_item_pulls_more_than_a_noisy_one() -> None:
    noisy = {"hard": replace(ITEMS["hard"], noise_sd=3.0)}
    pulled = fit_ability([seen("hard", 0.95)], noisy, PRIOR, meta_model_sha256="sha")
    assert fit(seen("hard", 0.95)).mean_milli[0] > pulled.mean_milli[0] > 500


@pytest.mark.parametrize(("kind", "score"), [("accuracy", 0.5), ("index", 50.0), ("elo", 1300.0)])
def test_each_kind_of_score_has_its_own_middle(kind: EvidenceKind, score: float) -> None:
    assert score_logit(kind, score) == pytest.approx(0)


def test_four_hundred_elo_are_odds_of_ten_to_one() -> None:
    assert score_logit("elo", 1700) == pytest.approx(2.302585)


def test_a_perfect_score_is_finite_and_says_more_with_more_answers() -> None:
    assert score_logit("accuracy", 1.0, 30) < score_logit("accuracy", 1.0, 3000) < 20


@pytest.mark.parametrize(("kind", "score"), [("accuracy", 0.9), ("index", 90.0), ("elo", 1500.0)])
def test_a_score_over_few_answers_pulls_less_and_leaves_more_open(kind: EvidenceKind, score: float) -> None:
    few, many = (fit(seen("board", score, kind, n)) for n in (5, 5000))
    assert few.sd_milli[0] > many.sd_milli[0]
    assert 500 < few.mean_milli[0] < many.mean_milli[0]
