"""One command from the data to layers/meta_model: encoder, heads, board items, ONNX file and card.

python -m training.make_model [--data DIR] [--out DIR]
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from pointsman.adapters.onnx_meta_model import OnnxMetaModel

from training.data.augmentation import alter_some
from training.data.benchmark_tasks import read_benchmark_tasks
from training.data.examples import read_examples
from training.data.hard_set import read_hard_set
from training.data.known_outcomes import Answered, read_answered
from training.data.prompts import TaskPrompt, read_outcome_prompts, read_task_prompts, thin_out
from training.encoder.embeddings import Embedded, embed_texts
from training.encoder.make_encoder import Encoder, make_encoder
from training.evaluation.long_input import likeliest_label, read_long_prompts, report_long_input
from training.evaluation.measure import measure_heads
from training.evaluation.media_thresholds import media_thresholds_milli
from training.evaluation.robustness import calibrated_registry, read_plain, read_reworded, report_robustness
from training.evaluation.task_measures import measure_hard_set, measure_strangeness, measure_unseen_sources
from training.heads.fit_heads import OutcomeData, fit_heads
from training.heads.fit_tasks import FittedTasks, fit_tasks
from training.heads.task_data import TaskData
from training.make_abilities import make_abilities
from training.places import CACHE, DATA, OUT, SEED
from training.progress import say
from training.publish import add_to_card, publish, write_card


def main() -> None:
    parser = argparse.ArgumentParser(description="Train and export the meta-model.")
    parser.add_argument("--data", type=Path, default=DATA, help="folder with tasks/, router/ and registry/evidence/")
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    make_model(arguments.data, arguments.out)


def make_model(data: Path, out: Path) -> None:
    encoder = make_encoder(CACHE / "encoder")
    tasks, outcomes = load_tasks(data, encoder), load_outcomes(data / "router", encoder)
    fitted = fit_tasks(tasks, seed=SEED)
    kept = outcomes.prompts.splits == "train"
    trial = fit_heads(fitted.head, tasks, outcomes, rows=kept, seed=SEED)
    measured = {**measure_tasks(fitted, tasks, encoder), **measure_heads(trial, outcomes, rows=kept)}
    say("once more, on all rows")
    everything = np.ones(len(outcomes.prompts.ids), dtype=np.bool_)
    heads = fit_heads(fitted.head, tasks, outcomes, rows=everything, seed=SEED)
    publish(heads, tokenizer=encoder.tokenizer, directory=out)
    thresholds = find_thresholds(fitted, tasks)
    write_card(out, heads, tasks=tasks, outcomes=outcomes, measured=measured, thresholds_milli=thresholds)
    make_abilities(data, out)
    measure_release(out)
    say(f"written to {out}")


def find_thresholds(fitted: FittedTasks, tasks: TaskData) -> dict[str, int]:
    judged = np.flatnonzero(np.isfinite(fitted.log_odds[:, 0]))
    prompts = [tasks.prompts[int(row)] for row in judged]
    return media_thresholds_milli(fitted.log_odds[judged], tasks.labels, prompts, sharpness=fitted.head.sharpness)


def measure_tasks(fitted: FittedTasks, tasks: TaskData, encoder: Encoder) -> dict[str, Any]:
    hard = read_hard_set()
    embedded = embed_prompts(hard, encoder)
    return {
        "tasks_on_unseen_sources": measure_unseen_sources(fitted.log_odds, tasks),
        "tasks_on_hard_set": measure_hard_set(fitted.head, hard, embedded),
        "ood_auroc_of_unseen_families": measure_strangeness(tasks, seed=SEED),
    }


def measure_release(out: Path) -> None:
    """Adds to the card what only the finished graph, with abilities fitted for it, can show."""
    model = OnnxMetaModel(out)
    add_to_card(out, "robustness", report_robustness(model, calibrated_registry(out), read_plain(), read_reworded()))
    add_to_card(out, "long_input", report_long_input(likeliest_label(model), read_long_prompts()))


def load_tasks(data: Path, encoder: Encoder) -> TaskData:
    prompts = read_tasks(data)
    prompts += alter_some(prompts, seed=SEED)
    return TaskData(prompts, embed_prompts(prompts, encoder))


def read_tasks(data: Path) -> list[TaskPrompt]:
    """Public prompts, prompts of benchmarks and our own examples, all as they were written."""
    public = read_task_prompts(data / "tasks" / "train.jsonl.gz")
    benchmarks = read_benchmark_tasks(read_outcome_prompts(data / "router"), seed=SEED)
    return [*thin_out([*public, *benchmarks], seed=SEED), *read_examples(public, seed=SEED)]


def embed_prompts(prompts: Sequence[TaskPrompt], encoder: Encoder) -> Embedded:
    return _embed([prompt.text for prompt in prompts], encoder)


def load_outcomes(directory: Path, encoder: Encoder) -> OutcomeData:
    return embed_answered(read_answered(directory), encoder)


def embed_answered(answered: Answered, encoder: Encoder) -> OutcomeData:
    return OutcomeData(answered.prompts, answered.outcomes, _embed(answered.prompts.texts, encoder))


def _embed(texts: Sequence[str], encoder: Encoder) -> Embedded:
    return embed_texts(texts, encoder=encoder.graph, tokenizer=encoder.tokenizer, cache=CACHE)


if __name__ == "__main__":
    main()
