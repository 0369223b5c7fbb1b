from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pointsman.domain.features import Reading
from pointsman.domain.model_card import Ability
from pointsman.domain.quality import Quality, demand_of, predict_quality, skill_of

milli = st.integers(-6000, 6000)


def reading(*discrimination: int, difficulty: int = 0) -> Reading:
    return Reading((1000,), discrimination, difficulty, (3000, 5000, 7000), 0)


def predict(prompt: Reading, known: Ability) -> Quality:
    return predict_quality(demand_of(prompt), skill_of(known))


def ability(*mean: int, sd: int = 200) -> Ability:
    return Ability(mean, (sd,) * len(mean), "sha", "evidence")


def test_a_model_as_able_as_the_prompt_is_hard_answers_every_second_time() -> None:
    assert predict(reading(1000, difficulty=500), ability(500, sd=0)).mean_milli == 500


# Above that, a posterior pressed against 0 or 1 is so skewed that its mean may lie beyond 90 % of it.
@given(milli, st.integers(0, 1000), milli)
def test_the_interval_encloses_the_mean(level: int, sd: int, difficulty: int) -> None:
    quality = predict(reading(1000, difficulty=difficulty), ability(level, sd=sd))
    assert 0 <= quality.low_milli <= quality.mean_milli <= quality.high_milli <= 1000


@given(milli, st.integers(1, 3000), milli)
def test_more_ability_never_lowers_quality(level: int, gain: int, difficulty: int) -> None:
    prompt = reading(1500, difficulty=difficulty)
    before, after = predict(prompt, ability(level)), predict(prompt, ability(level + gain))
    assert after.mean_milli >= before.mean_milli


@given(milli, st.integers(1, 3000))
def test_a_harder_prompt_never_raises_quality(level: int, harder: int) -> None:
    easy, hard = (predict(reading(1500, difficulty=by), ability(level)) for by in (0, harder))
    assert hard.mean_milli <= easy.mean_milli


def test_less_certain_abilities_give_wider_intervals() -> None:
    sure, unsure = (predict(reading(2000), ability(500, sd=sd)) for sd in (50, 800))
    assert unsure.width_milli > sure.width_milli > 0


def test_dimensions_that_undo_each_other_leave_quality_better_known() -> None:
    apart = ability(500, 500, sd=800)
    together = replace(apart, joint_milli=100)
    prompt = reading(2000, 1000)
    assert predict(prompt, together).width_milli < predict(prompt, apart).width_milli / 4
    assert predict(prompt, together).mean_milli > predict(prompt, apart).mean_milli


def test_a_steep_prompt_is_never_answered_for_sure() -> None:
    steep = predict(reading(20_000), ability(500, sd=0))
    assert steep.low_milli == steep.mean_milli == steep.high_milli < 999


def test_a_skill_counts_only_where_the_prompt_asks_for_it() -> None:
    coder = ability(0, 1000)
    assert predict(reading(1000, 2000), coder).mean_milli > predict(reading(1000, 1), coder).mean_milli


def test_an_ability_of_another_meta_model_is_refused() -> None:
    with pytest.raises(ValueError, match="dimensions"):
        predict(reading(1000, 1000), ability(500))
