"""One command from the data to layers/meta_model: encoder, heads, ONNX file, card and numbers for abilities.

python -m training.make_model [--data DIR] [--out DIR]
"""

import argparse
from pathlib import Path

import numpy as np

from training.data.examples import read_examples
from training.data.prompts import read_outcome_prompts, read_outcomes, read_task_prompts
from training.encoder.embeddings import embed_texts
from training.encoder.make_encoder import Encoder, make_encoder
from training.evaluation.measure import measure_heads
from training.heads.fit_heads import OutcomeData, TaskData, fit_heads
from training.make_abilities import make_abilities
from training.places import CACHE, DATA, OUT, SEED
from training.progress import say
from training.publish import publish, write_card


def main() -> None:
    parser = argparse.ArgumentParser(description="Train and export the meta-model.")
    parser.add_argument("--data", type=Path, default=DATA, help="folder with tasks/, router/ and registry/evidence/")
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    make_model(arguments.data, arguments.out)


def make_model(data: Path, out: Path) -> None:
    encoder = make_encoder(CACHE / "encoder")
    tasks, outcomes = load_tasks(data / "tasks" / "train.jsonl.gz", encoder), load_outcomes(data / "router", encoder)
    trial = fit_heads(tasks, outcomes, rows=outcomes.prompts.splits == "train", seed=SEED)
    measured = measure_heads(trial, tasks, outcomes, rows=outcomes.prompts.splits == "train")
    say("once more, on all rows")
    everything = np.ones(len(outcomes.prompts.ids), dtype=np.bool_)
    heads = fit_heads(tasks, outcomes, rows=everything, seed=SEED).heads
    publish(heads, tokenizer=encoder.tokenizer, directory=out)
    write_card(out, heads, tasks=tasks, outcomes=outcomes, measured=measured)
    make_abilities(data, out)
    say(f"written to {out}")


def load_tasks(file: Path, encoder: Encoder) -> TaskData:
    public = read_task_prompts(file)
    prompts = [*public, *read_examples(public, seed=SEED)]
    texts = [prompt.text for prompt in prompts]
    return TaskData(prompts, embed_texts(texts, encoder=encoder.graph, tokenizer=encoder.tokenizer, cache=CACHE))


def load_outcomes(directory: Path, encoder: Encoder) -> OutcomeData:
    prompts = read_outcome_prompts(directory)
    embedded = embed_texts(prompts.texts, encoder=encoder.graph, tokenizer=encoder.tokenizer, cache=CACHE)
    return OutcomeData(prompts, read_outcomes(directory, prompts), embedded)


if __name__ == "__main__":
    main()
