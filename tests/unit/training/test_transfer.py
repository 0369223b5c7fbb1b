"""What parts models is kept where it carries over to benchmarks left out, and held back where it misleads there."""

from collections.abc import Sequence

import numpy as np
import pytest

from training.arrays import Floats, Names
from training.heads import transfer
from training.heads.quality_head import Block, QualitySettings, fit_quality_head

SETTINGS = QualitySettings(dimensions=3, discrimination_penalty=0.5)
PROMPTS = 300


def make_outcomes(signs: Sequence[float]) -> tuple[Floats, Block, Names]:
    """Per benchmark a sign: the second model, worse on average, gains with the first feature times that sign."""
    random = np.random.default_rng(5)
    features = random.normal(size=(PROMPTS * len(signs), 3)).astype(np.float32)
    gain = features[:, 0] * np.repeat(signs, PROMPTS)
    chances = 1 / (1 + np.exp(-np.stack([np.full(len(gain), 1.0), 3 * gain], axis=1)))
    scores = (random.random(chances.shape) < chances).astype(np.float32)
    rows = np.arange(len(gain))
    names = np.repeat([f"b{number}" for number in range(len(signs))], PROMPTS)
    return features, Block(rows, np.arange(2), scores, np.ones(len(rows), dtype=np.float32)), names


def kept(signs: Sequence[float]) -> float:
    """The share of the plain head's discrimination; its difficulty must be untouched."""
    features, block, names = make_outcomes(signs)
    held = transfer.fit_transferable_head(features, [block], names, models=2, settings=SETTINGS)
    plain = fit_quality_head(features, [block], models=2, settings=SETTINGS)
    np.testing.assert_array_equal(held.weights[:, -1], plain.weights[:, -1])
    return float(np.median(held.weights[:, :-1] / plain.weights[:, :-1]))


def test_what_misleads_on_other_benchmarks_is_held_back() -> None:
    assert kept((1, 1, -1)) == pytest.approx(min(transfer.SHARES))
    assert kept((1, 1, 1)) > min(transfer.SHARES)


def test_of_a_single_benchmark_all_is_kept() -> None:
    assert kept((1,)) == 1


def test_models_without_an_answer_are_never_the_choice() -> None:
    features, block, names = make_outcomes((1, 1, 1))
    scores = block.scores.copy()
    scores[::2, 0] = np.nan
    holed = Block(block.prompts, block.models, scores, block.weights)
    head = transfer.fit_transferable_head(features, [holed], names, models=2, settings=SETTINGS)
    assert np.isfinite(head.weights).all()
