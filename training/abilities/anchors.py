"""Abilities with their uncertainty of the models that have outcomes, by the names that leaderboards use."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from training.abilities.board_items import Anchor
from training.arrays import Floats, Integers, Names
from training.data.boards import board_model
from training.heads.quality_head import Block, QualityHead

FEWEST_ANSWERS = 100
# Answers on one benchmark err together, so an answer tells less than a coin toss would.
ANSWER_WEIGHT = 0.02
PRIOR_PRECISION = 1.0


def build_anchors(
    head: QualityHead, features: Floats, blocks: Sequence[Block], models: Sequence[str]
) -> dict[str, Anchor]:
    """Where several outcome names are one model on the boards, the one with the most answers stands for it."""
    discrimination, difficulty = head.items(features)
    answers = np.zeros(len(models), dtype=np.int64)
    precision = np.full((len(models), head.dimensions), PRIOR_PRECISION)
    for block in blocks:
        seen = np.isfinite(block.scores)
        logits = discrimination[block.prompts] @ head.abilities[block.models].T - difficulty[block.prompts][:, None]
        information = np.where(seen, 1 / (2 + np.exp(logits) + np.exp(-logits)), 0) * ANSWER_WEIGHT
        precision[block.models] += information.T @ discrimination[block.prompts] ** 2
        answers[block.models] += seen.sum(axis=0)
    return _keep_best(head, answers, precision**-0.5, models)


def mean_directions(head: QualityHead, features: Floats, families: Names) -> dict[str, NDArray[np.float64]]:
    """The mean discrimination of each family of prompts, and of all families together."""
    discrimination = head.items(features)[0].astype(np.float64)
    by_family = {str(name): discrimination[families == name].mean(axis=0) for name in np.unique(families)}
    return {**by_family, "all": np.mean(list(by_family.values()), axis=0)}


def _keep_best(
    head: QualityHead, answers: Integers, sds: NDArray[np.float64], models: Sequence[str]
) -> dict[str, Anchor]:
    anchors: dict[str, Anchor] = {}
    for number in np.argsort(answers):
        if answers[number] >= FEWEST_ANSWERS:
            anchors[board_model(models[int(number)])] = Anchor(head.abilities[number].astype(np.float64), sds[number])
    return anchors
