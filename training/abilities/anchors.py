"""Abilities with their uncertainty of the models that have outcomes, by the names that leaderboards use."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from training.abilities.board_items import Anchor
from training.abilities.outcome_items import OutcomeItems
from training.arrays import Floats
from training.data.boards import board_model

FEWEST_ANSWERS = 100
# Answers on one benchmark err together, so an answer tells less than a coin toss would.
ANSWER_WEIGHT = 0.02
PRIOR_PRECISION = 1.0
NEWTON_STEPS = 40
LONGEST_STEP = 0.5


def build_anchors(items: OutcomeItems) -> dict[str, Anchor]:
    """Where several outcome names are one model on the boards, the one with the most answers stands for it."""
    answers = np.bincount(items.model, minlength=len(items.models))
    anchors: dict[str, Anchor] = {}
    for number in np.argsort(answers, kind="stable"):
        if answers[number] >= FEWEST_ANSWERS:
            anchors[board_model(items.models[int(number)])] = _fit(items, int(number))
    return anchors


def mean_directions(items: OutcomeItems) -> Mapping[str, NDArray[np.float64]]:
    """The mean discrimination of each family of prompts, and of all families together."""
    names = np.unique(items.families)
    by_family = {str(name): items.discrimination[items.families == name].mean(axis=0) for name in names}
    return {**by_family, "all": np.mean(list(by_family.values()), axis=0)}


def _fit(items: OutcomeItems, model: int) -> Anchor:
    """The most probable ability by Newton's method in short steps; its spread from fewer answers than there are."""
    own = items.model == model
    a, b, scores = items.discrimination[items.prompt[own]], items.difficulty[items.prompt[own]], items.score[own]
    ability, prior = np.zeros(a.shape[1]), PRIOR_PRECISION * np.eye(a.shape[1])
    for _ in range(NEWTON_STEPS):
        chances = _sigmoid(a @ ability - b)
        gradient = a.T @ (scores - chances) - prior @ ability
        step = np.linalg.solve(prior + _information(a, chances), gradient)
        ability = ability + step * min(1.0, LONGEST_STEP / float(np.abs(step).max()))
    spread = prior + ANSWER_WEIGHT * _information(a, _sigmoid(a @ ability - b))
    return Anchor(ability, np.sqrt(np.diag(np.linalg.inv(spread))))


def _information(a: Floats, chances: Floats) -> NDArray[np.float64]:
    return (a * (chances * (1 - chances))[:, None]).T @ a


def _sigmoid(logits: Floats) -> NDArray[np.float64]:
    return 1 / (1 + np.exp(-np.clip(logits, -60, 60)))
