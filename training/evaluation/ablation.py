"""What each part of the task head gives, on families of sources left out and on the hard set; prints one table.

    python -m training.evaluation.ablation [--data DIR] [--most N]

`--most` prompts of one kind keep it short: figures are lower than the card's, their order is what counts.
"""

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from pointsman.domain.surface import SURFACE_NAMES

from training.arrays import Flags, Floats, Integers
from training.data.hard_set import read_hard_set
from training.data.prompts import TaskPrompt, thin_out
from training.encoder.embeddings import Embedded
from training.encoder.encoder_graph import EMBEDDING_DIMS
from training.encoder.make_encoder import make_encoder
from training.evaluation.figures import forgive, macro_f1
from training.heads.softmax_regression import fit_softmax, log_softmax
from training.heads.source_folds import source_folds
from training.heads.task_data import TaskData
from training.heads.task_features import TaskFeatures, fit_task_space
from training.heads.task_head import TaskRecipe, fit_task_head, prompt_weights, soft_targets
from training.make_model import CACHE, DATA, SEED, embed_prompts, load_tasks
from training.progress import show_progress

REGRESSION_PENALTY, REGRESSION_ITERATIONS = 2e-2, 80
PLAIN_SIZE = EMBEDDING_DIMS + len(SURFACE_NAMES)

Change = Callable[[TaskFeatures], TaskFeatures]
# From features and prompts that may be learned from, and features to judge, to log odds of the latter.
Learner = Callable[[TaskFeatures, Sequence[TaskPrompt], TaskFeatures], Floats]


def main() -> None:
    parser = argparse.ArgumentParser(description="Take parts of the task head away, one at a time.")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--most", type=int, default=100, help="prompts of one source and label")
    arguments = parser.parse_args()
    encoder = make_encoder(CACHE / "encoder")
    tasks, hard = load_tasks(arguments.data, encoder), read_hard_set()
    print(f"{'variant':44}{'strict F1':>10}{'lenient F1':>12}{'hard set':>10}")
    for name, figures in ablate(_thin(tasks, arguments.most), hard, embed_prompts(hard, encoder)).items():
        print(f"{name:44}{figures[0]:10.3f}{figures[1]:12.3f}{figures[2]:10.3f}", flush=True)


def ablate(tasks: TaskData, hard: Sequence[TaskPrompt], hard_embedded: Embedded) -> Mapping[str, tuple[float, ...]]:
    """Strict and lenient macro-F1 on families left out, share of acceptable labels of the hard set."""
    recipe = TaskRecipe(tasks.labels, fit_task_space(tasks.embedded), SEED)
    features, unseen = recipe.space.features(tasks.embedded), recipe.space.features(hard_embedded)
    everything = np.ones(len(tasks.prompts), dtype=np.bool_)
    by_hand: Flags = np.array([prompt.origin.startswith("examples/") for prompt in tasks.prompts])
    network, regression = _network(recipe), _regression(recipe)
    variants: Mapping[str, tuple[Learner, Change, Flags]] = {
        "regression on embedding and surface": (regression, _plain, everything),
        "network on embedding and surface": (network, _plain, everything),
        "... and pooled segments": (network, _without_bags, everything),
        "... and bags of tokens, pairs, words (shipped)": (network, _whole, everything),
        "shipped, without examples written by hand": (network, _whole, ~by_hand),
    }
    return {
        name: _judge(tasks, learner, (change(features), change(unseen)), learned, hard)
        for name, (learner, change, learned) in variants.items()
    }


def _judge(
    tasks: TaskData,
    learner: Learner,
    features: tuple[TaskFeatures, TaskFeatures],
    learned: Flags,
    hard: Sequence[TaskPrompt],
) -> tuple[float, ...]:
    known, unseen = features
    folds, predicted = source_folds(tasks.prompts), np.full(len(tasks.prompts), -1)
    for fold in show_progress(range(max(folds) + 1), "ablation"):
        rows, left_out = np.flatnonzero((folds != fold) & learned), np.flatnonzero(folds == fold)
        predicted[left_out] = learner(known.take(rows), _of(tasks, rows), known.take(left_out)).argmax(axis=1)
    rows = np.flatnonzero(learned)
    labels = [tasks.labels[int(at)] for at in learner(known.take(rows), _of(tasks, rows), unseen).argmax(axis=1)]
    judged = np.flatnonzero(folds >= 0)
    targets, acceptable = tasks.targets()[judged], tasks.acceptable()
    lenient = forgive(predicted[judged], targets, [acceptable[int(row)] for row in judged])
    hits = [label in prompt.labels_ok for label, prompt in zip(labels, hard, strict=True)]
    return macro_f1(predicted[judged], targets), macro_f1(lenient, targets), float(np.mean(hits))


def _network(recipe: TaskRecipe) -> Learner:
    def learn(known: TaskFeatures, prompts: Sequence[TaskPrompt], unseen: TaskFeatures) -> Floats:
        return fit_task_head(known, prompts, recipe).log_odds(unseen)

    return learn


def _regression(recipe: TaskRecipe) -> Learner:
    def learn(known: TaskFeatures, prompts: Sequence[TaskPrompt], unseen: TaskFeatures) -> Floats:
        numbers = np.array([recipe.labels.index(prompt.label) for prompt in prompts])
        fit = fit_softmax(
            known.dense,
            soft_targets(prompts, recipe.labels),
            weights=prompt_weights(np.array([prompt.origin for prompt in prompts]), numbers),
            penalty=REGRESSION_PENALTY,
            iterations=REGRESSION_ITERATIONS,
        )
        return log_softmax(unseen.dense @ fit.weights + fit.offsets)

    return learn


def _whole(features: TaskFeatures) -> TaskFeatures:
    return features


def _without_bags(features: TaskFeatures) -> TaskFeatures:
    return replace(features, bags={name: bag * 0 for name, bag in features.bags.items()})


def _plain(features: TaskFeatures) -> TaskFeatures:
    return replace(_without_bags(features), dense=features.dense[:, :PLAIN_SIZE])


def _thin(tasks: TaskData, most: int) -> TaskData:
    kept = {id(prompt) for prompt in thin_out(tasks.prompts, seed=SEED, most=most)}
    rows = np.array([row for row, prompt in enumerate(tasks.prompts) if id(prompt) in kept])
    return TaskData(_of(tasks, rows), tasks.embedded.take(rows))


def _of(tasks: TaskData, rows: Integers) -> list[TaskPrompt]:
    return [tasks.prompts[int(row)] for row in rows]


if __name__ == "__main__":
    main()
