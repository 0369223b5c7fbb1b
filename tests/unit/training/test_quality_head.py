import numpy as np
import pytest

from training.arrays import Floats
from training.heads.quality_head import Block, QualityHead, QualityProblem, QualitySettings, fit_quality_head

SETTINGS = QualitySettings(dimensions=3, iterations=80)


def made_outcomes(*, prompts: int = 400, models: int = 8) -> tuple[Floats, Block, Floats]:
    """Outcomes of models in a row of ability on prompts whose difficulty is their first feature."""
    random = np.random.default_rng(1)
    features = random.normal(size=(prompts, 5)).astype(np.float32)
    ability = np.linspace(-2, 2, models)
    chances = 1 / (1 + np.exp(-(ability[None] - 2 * features[:, :1])))
    scores = (random.random(chances.shape) < chances).astype(np.float32)
    weights = np.ones(prompts, dtype=np.float32)
    return features, Block(np.arange(prompts), np.arange(models), scores, weights), chances


@pytest.fixture(scope="module")
def fitted() -> tuple[QualityHead, Floats, Floats]:
    features, block, chances = made_outcomes()
    return fit_quality_head(features, [block], models=8, settings=SETTINGS), features, chances


def test_the_gradient_is_that_of_the_loss() -> None:
    features, block, _ = made_outcomes(prompts=30, models=3)
    problem = QualityProblem(features, [block], 3, SETTINGS)
    start = problem.start()
    point = start + np.random.default_rng(2).normal(0, 0.2, start.shape)
    analytic = problem.loss_and_gradient(point)[1]
    direction = np.random.default_rng(3).normal(size=point.shape)
    step = 1e-2
    rise = (
        problem.loss_and_gradient(point + step * direction)[0] - problem.loss_and_gradient(point - step * direction)[0]
    )
    assert rise / (2 * step) == pytest.approx(float(analytic @ direction), rel=0.02)


def test_discrimination_is_positive(fitted: tuple[QualityHead, Floats, Floats]) -> None:
    head, features, _ = fitted
    assert (head.items(features)[0] > 0).all()


def test_true_chances_are_found_again(fitted: tuple[QualityHead, Floats, Floats]) -> None:
    head, features, chances = fitted
    assert np.abs(head.predict(features, np.arange(8)) - chances).mean() < 0.05


def test_an_unfamiliar_prompt_is_an_average_one(fitted: tuple[QualityHead, Floats, Floats]) -> None:
    head, features, _ = fitted
    unfamiliar = head.predict(features, np.arange(8), np.zeros(len(features), dtype=np.float32))
    assert np.ptp(unfamiliar, axis=0).max() == 0


def test_unseen_answers_do_not_count() -> None:
    features, block, _ = made_outcomes()
    holed = block.scores.copy()
    holed[200:, 4] = np.nan
    head = fit_quality_head(
        features, [Block(block.prompts, block.models, holed, block.weights)], models=8, settings=SETTINGS
    )
    assert np.isfinite(head.abilities).all()
