import numpy as np

from training.data.known_outcomes import Answered, put_beside
from training.data.prompts import OutcomePrompts, Outcomes


def made(ids: list[str], sources: list[str], split: str) -> Answered:
    """Every prompt is answered by one model, with its own number in its source as the score."""
    size = len(ids)
    names = np.array(sources)
    prompts = OutcomePrompts(
        np.array(ids),
        ids,
        sources=names,
        benchmarks=names,
        families=names,
        splits=np.full(size, split),
        groups=np.array(ids),
    )
    numbers = np.arange(size, dtype=np.float32)
    outcomes = Outcomes(
        prompts=np.arange(size),
        sources=names,
        models=np.full(size, "m"),
        scores=numbers,
        output_tokens=numbers,
        cost_usd=numbers,
    )
    return Answered(prompts, outcomes)


def test_known_prompts_of_tested_sources_stand_behind_the_tested_ones() -> None:
    tested, known = made(["t0", "t1"], ["a", "a"], "test"), made(["k0", "k1", "k2"], ["b", "a", "a"], "val")
    both = put_beside(tested, known)
    assert both.prompts.ids.tolist() == ["t0", "t1", "k1", "k2"]
    assert both.prompts.splits.tolist() == ["test", "test", "train", "train"]
    assert both.outcomes.prompts.tolist() == [0, 1, 2, 3]
    assert both.outcomes.scores.tolist() == [0, 1, 1, 2]
    assert both.prompts.texts == ["t0", "t1", "k1", "k2"]


def test_a_known_side_is_one_that_is_marked_so() -> None:
    assert made(["k0"], ["a"], "train").has_known_side
    assert not made(["t0"], ["a"], "test").has_known_side
