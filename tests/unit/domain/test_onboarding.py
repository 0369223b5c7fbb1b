"""The next prompt is one that tells something, and every answer tells more of the model."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pointsman.domain.gaussian import Gaussian, diagonal
from pointsman.domain.item_response import Answer, Belief, Item, expected_quality, update
from pointsman.domain.logistic import sigmoid
from pointsman.domain.onboarding import PoolPrompt, PoolQuality, StopRule, choose_next, judge, pool_quality

SIZE = 3
PRIOR = Gaussian((0.5, 0.0, 0.0), diagonal([0.6, 0.3, 0.3]))
numbers = st.floats(0.05, 3.0, allow_nan=False)
difficulties = st.floats(-3.0, 3.0, allow_nan=False)
items = st.builds(Item, st.tuples(*[numbers] * SIZE), difficulties)
pools = st.lists(items, min_size=2, max_size=12).map(
    lambda found: [PoolPrompt(f"p{number}", item) for number, item in enumerate(found)]
)


def belief(prior: Gaussian = PRIOR) -> Belief:
    variances = [prior.covariance[index][index] for index in range(len(prior.mean))]
    pull = [mean / variance for mean, variance in zip(prior.mean, variances, strict=True)]
    return Belief(diagonal([1 / variance for variance in variances]), pull)


def grade(prompts: list[PoolPrompt], score: float) -> Gaussian:
    return update(belief(), [Answer(prompt.item, score) for prompt in prompts])


@given(pools, st.data())
def test_what_is_graded_is_never_asked_for_again(pool: list[PoolPrompt], data: st.DataObject) -> None:
    graded = data.draw(st.sets(st.sampled_from([prompt.prompt_id for prompt in pool])))
    chosen = [prompt.prompt_id for prompt in choose_next(PRIOR, pool, graded=graded, count=len(pool))]
    assert set(chosen) == {prompt.prompt_id for prompt in pool} - graded
    assert len(set(chosen)) == len(chosen)


@given(pools, st.floats(0, 1, allow_nan=False))
def test_every_answer_narrows_what_is_unknown_of_every_prompt(pool: list[PoolPrompt], score: float) -> None:
    before, after = grade(pool[1:], score), grade(pool, score)
    prior = Gaussian(before.mean, PRIOR.covariance)
    for prompt in pool:
        weights = prompt.item.discrimination
        assert before.variance_along(weights) <= prior.variance_along(weights) + 1e-9
        assert after.variance_along(weights) > 0


@given(pools)
def test_the_pools_interval_encloses_its_mean_and_lies_within_chances(pool: list[PoolPrompt]) -> None:
    quality = pool_quality(grade(pool, 1.0), pool)
    assert 0 <= quality.low <= quality.high <= 1
    assert quality.low - 0.02 <= quality.mean <= quality.high + 0.02


def test_a_model_known_for_sure_has_an_interval_without_width() -> None:
    sure = Gaussian((0.5,), [[0.0]])
    quality = pool_quality(sure, [PoolPrompt("p", Item((1.0,), 0.5))])
    assert quality == PoolQuality(0.5, 0.5, 0.5)


def test_a_pool_without_prompts_is_refused() -> None:
    with pytest.raises(ValueError, match="pool"):
        pool_quality(PRIOR, [])


def test_a_prompt_that_anyone_answers_tells_less_than_an_even_one() -> None:
    easy, even = PoolPrompt("easy", Item((1.0, 0.1, 0.1), -6.0)), PoolPrompt("even", Item((1.0, 0.1, 0.1), 0.5))
    assert choose_next(PRIOR, [easy, even], graded=(), count=1) == [even]


def test_the_second_of_two_asks_for_what_the_first_left_open() -> None:
    """Greedy on the single best would take the twin; what it tells is known once the first is graded."""
    first, twin = (PoolPrompt(name, Item((2.5, 0.05, 0.05), 1.2)) for name in ("first", "twin"))
    other = PoolPrompt("other", Item((0.05, 2.2, 0.05), 0.0))
    prior = Gaussian((0.5, 0.0, 0.0), diagonal([4.0, 3.0, 0.1]))
    chosen = choose_next(prior, [first, twin, other], graded=(), count=2)
    assert chosen == [first, other]


def test_chosen_prompts_tell_more_of_a_model_than_random_ones() -> None:
    """On made-up models and prompts: error of every prompt's predicted quality after as many answers."""
    random = Random(5)
    adaptive, blind = list[float](), list[float]()
    for _ in range(12):
        ability = [random.gauss(0.5, 0.8), random.gauss(0, 0.5), random.gauss(0, 0.5)]
        pool = [_random_prompt(random, number) for number in range(150)]
        scores = {prompt.prompt_id: float(random.random() < _chance(prompt, ability)) for prompt in pool}
        adaptive.append(_error(_grade_adaptively(pool, scores, answers=15), pool, ability))
        blind.append(_error(_update(random.sample(pool, 15), scores), pool, ability))
    assert sum(adaptive) < 0.9 * sum(blind)


@pytest.mark.parametrize(
    ("width", "answers", "left", "verdict"),
    [
        (0.05, 3, 9, "precise_enough"),
        (0.2, 3, 9, "go_on"),
        (0.2, 60, 9, "enough_answers"),
        (0.2, 3, 0, "pool_exhausted"),
    ],
)
def test_grading_ends_for_one_of_three_reasons(width: float, answers: int, left: int, verdict: str) -> None:
    quality = PoolQuality(0.5, 0.5 - width / 2, 0.5 + width / 2)
    assert judge(quality, StopRule(width=0.1, most_answers=60), answers=answers, left=left) == verdict


def _random_prompt(random: Random, number: int) -> PoolPrompt:
    weights = (random.uniform(0.3, 2.5), random.uniform(0, 1.5), random.uniform(0, 1.5))
    return PoolPrompt(f"p{number}", Item(weights, random.gauss(0.5, 2.0)))


def _chance(prompt: PoolPrompt, ability: list[float]) -> float:
    return sigmoid(prompt.item.logit(ability))


def _grade_adaptively(pool: list[PoolPrompt], scores: dict[str, float], *, answers: int) -> Gaussian:
    graded: list[PoolPrompt] = []
    while len(graded) < answers:
        seen = {prompt.prompt_id for prompt in graded}
        graded += choose_next(_update(graded, scores), pool, graded=seen, count=1)
    return _update(graded, scores)


def _update(prompts: list[PoolPrompt], scores: dict[str, float]) -> Gaussian:
    return update(belief(), [Answer(prompt.item, scores[prompt.prompt_id]) for prompt in prompts])


def _error(posterior: Gaussian, pool: list[PoolPrompt], ability: list[float]) -> float:
    gaps = [expected_quality(prompt.item, posterior) - _chance(prompt, ability) for prompt in pool]
    return sum(gap * gap for gap in gaps)


def test_the_few_steepest_prompts_do_not_come_before_all_others() -> None:
    steep = [PoolPrompt(f"steep{number}", Item((3.0, 0.1, 0.1), 1.5)) for number in range(5)]
    flat = [PoolPrompt(f"flat{number}", Item((0.8, 0.1, 0.1), 0.4)) for number in range(35)]
    chosen = choose_next(PRIOR, [*steep, *flat], graded=(), count=10)
    assert 0 < sum(prompt in flat for prompt in chosen[:5]) < 5


def test_the_half_that_tells_least_is_asked_last() -> None:
    even = [PoolPrompt(f"even{number}", Item((1.0, 0.1, 0.1), 0.5)) for number in range(10)]
    easy = [PoolPrompt(f"easy{number}", Item((1.0, 0.1, 0.1), -6.0)) for number in range(4)]
    chosen = choose_next(PRIOR, [*easy, *even], graded=(), count=5)
    assert all(prompt in even for prompt in chosen)


def test_the_order_of_the_pool_does_not_matter() -> None:
    random = Random(3)
    pool = [_random_prompt(random, number) for number in range(30)]
    assert choose_next(PRIOR, pool, graded=(), count=8) == choose_next(PRIOR, pool[::-1], graded=(), count=8)
