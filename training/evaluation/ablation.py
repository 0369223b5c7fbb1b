"""What each part of the task head gives, on families of sources left out and on the hard set; prints one table.

    python -m training.evaluation.ablation [--data DIR] [--most N]

`--most` prompts of one kind keep it short: figures are lower than the card's, their order is what counts. Judged by
are public prompts as they were written, neither altered copies nor examples of our own.
"""

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from pointsman.domain.surface import SURFACE_NAMES

from training.arrays import Flags, Floats, Integers
from training.data.augmentation import alter_some
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
from training.make_model import embed_prompts, read_tasks
from training.places import CACHE, DATA, SEED
from training.progress import show_progress

REGRESSION_PENALTY, REGRESSION_ITERATIONS = 2e-2, 80
PLAIN_SIZE = EMBEDDING_DIMS + len(SURFACE_NAMES)

Change = Callable[[TaskFeatures], TaskFeatures]
# From features and prompts that may be learned from, and features to judge, to log odds of the latter.
Learner = Callable[[TaskFeatures, Sequence[TaskPrompt], TaskFeatures], Floats]


def main() -> None:
    parser = argparse.ArgumentParser(description="Take parts of the task head away, one at a time.")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--most", type=int, default=20, help="prompts of one source and label")
    arguments = parser.parse_args()
    encoder, hard = make_encoder(CACHE / "encoder"), read_hard_set()
    plain = thin_out(read_tasks(arguments.data), seed=SEED, most=arguments.most)
    prompts = [*plain, *alter_some(plain, seed=SEED)]
    tasks = TaskData(prompts, embed_prompts(prompts, encoder))
    print(f"| {'variant':46} | strict F1 | lenient F1 | hard set |")
    print("| --- | ---: | ---: | ---: |")
    for name, figures in ablate(tasks, len(plain), hard, embed_prompts(hard, encoder)):
        print(f"| {name:46} | {figures[0]:9.3f} | {figures[1]:10.3f} | {figures[2]:8.3f} |", flush=True)


def ablate(
    tasks: TaskData, plain: int, hard: Sequence[TaskPrompt], hard_embedded: Embedded
) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Strict and lenient macro-F1 on families left out, share of acceptable labels of the hard set, by variant.

    The first `plain` tasks are prompts as they were written, the rest are altered copies.
    """
    recipe = TaskRecipe(tasks.labels, fit_task_space(tasks.embedded), SEED)
    features, unseen = recipe.space.features(tasks.embedded), recipe.space.features(hard_embedded)
    everything, altered = np.ones(len(tasks.prompts), dtype=np.bool_), np.arange(len(tasks.prompts)) >= plain
    by_hand: Flags = np.array([prompt.origin.startswith("examples/") for prompt in tasks.prompts])
    network, regression = _network(recipe), _regression(recipe)
    variants: Mapping[str, tuple[Learner, Change, Flags]] = {
        "regression on embedding and surface": (regression, _plain, everything),
        "network on embedding and surface": (network, _plain, everything),
        "... and pooled segments": (network, _without_bags, everything),
        "... and bags of tokens, pairs, words (shipped)": (network, _whole, everything),
        "shipped, without altered copies": (network, _whole, ~altered),
        "shipped, without examples written by hand": (network, _whole, ~by_hand),
    }
    for name, (learner, change, learned) in variants.items():
        trial = Trial(tasks, learner, learned, judged=~altered & ~by_hand)
        yield name, _judge(trial, change(features), (change(unseen), hard))


@dataclass(frozen=True, slots=True)
class Trial:
    """A learner, the rows that it may learn from, and those that it is judged by."""

    tasks: TaskData
    learner: Learner
    learned: Flags
    judged: Flags

    def learn(self, features: TaskFeatures, unseen: TaskFeatures, rows: Flags) -> Integers:
        """The likeliest labels of `unseen` after learning from those of `rows` that may be learned from."""
        seen = np.flatnonzero(rows & self.learned)
        return self.learner(features.take(seen), _of(self.tasks, seen), unseen).argmax(axis=1)


def _judge(trial: Trial, features: TaskFeatures, hard: tuple[TaskFeatures, Sequence[TaskPrompt]]) -> tuple[float, ...]:
    tasks, folds = trial.tasks, source_folds(trial.tasks.prompts)
    predicted = np.full(len(folds), -1)
    for fold in show_progress(range(max(folds) + 1), "ablation"):
        left_out = np.flatnonzero((folds == fold) & trial.judged)
        predicted[left_out] = trial.learn(features, features.take(left_out), folds != fold)
    rows, acceptable = np.flatnonzero((folds >= 0) & trial.judged), tasks.acceptable()
    targets = tasks.targets()[rows]
    lenient = forgive(predicted[rows], targets, [acceptable[int(row)] for row in rows])
    found = trial.learn(features, hard[0], np.ones(len(folds), dtype=np.bool_))
    hits = [tasks.labels[int(label)] in prompt.labels_ok for label, prompt in zip(found, hard[1], strict=True)]
    return macro_f1(predicted[rows], targets), macro_f1(lenient, targets), float(np.mean(hits))


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
    empty = {name: type(bag)(bag.shape, dtype=bag.dtype) for name, bag in features.bags.items()}
    return replace(features, bags=empty)


def _plain(features: TaskFeatures) -> TaskFeatures:
    return replace(_without_bags(features), dense=features.dense[:, :PLAIN_SIZE])


def _of(tasks: TaskData, rows: Integers) -> list[TaskPrompt]:
    return [tasks.prompts[int(row)] for row in rows]


if __name__ == "__main__":
    main()
