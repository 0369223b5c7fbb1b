"""One command from the data to layers/meta_model: encoder, heads, board items, ONNX file and card.

python -m training.make_model [--data DIR] [--out DIR]
"""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pointsman.adapters.registry_yaml import read_cards
from pointsman.domain.ability import AbilityItem, AbilityPrior
from pointsman.domain.model_card import ModelClass

from training.abilities.anchors import build_anchors, mean_directions
from training.abilities.board_items import fit_board_items
from training.abilities.class_priors import fit_class_priors
from training.data.boards import read_boards
from training.data.examples import read_examples
from training.data.outcome_blocks import build_blocks
from training.data.prompts import read_outcome_prompts, read_outcomes, read_task_prompts
from training.encoder.embeddings import embed_texts
from training.encoder.make_encoder import Encoder, make_encoder
from training.evaluation.measure import measure_heads
from training.heads.all_heads import Heads
from training.heads.fit_heads import LEAVE_OUT, OutcomeData, TaskData, fit_heads
from training.progress import say
from training.publish import publish, write_card, write_items

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / "training" / ".cache"
DATA = ROOT.parent / "shared" / "data"
OUT = ROOT / "layers" / "meta_model"
REGISTRY = ROOT / "registry"
SEED = 20261122
# A model known only to be a language model of these years; skills differ little beside general ability.
WIDE_GENERAL_SD, WIDE_SKILL_SD = 0.5, 0.2


@dataclass(frozen=True, slots=True)
class AbilityNumbers:
    items: Mapping[str, AbilityItem]
    priors: Mapping[ModelClass, AbilityPrior]


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
    sha256 = publish(heads, tokenizer=encoder.tokenizer, directory=out)
    numbers = fit_ability_numbers(heads, outcomes, data / "registry" / "evidence")
    write_items(out, sha256=sha256, items=numbers.items, priors=numbers.priors)
    write_card(out, heads, tasks=tasks, outcomes=outcomes, measured=measured)
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


def fit_ability_numbers(heads: Heads, outcomes: OutcomeData, evidence: Path) -> AbilityNumbers:
    features = heads.space.features(outcomes.embedded)
    everything = np.ones(len(outcomes.prompts.ids), dtype=np.bool_)
    blocks = build_blocks(outcomes.prompts, outcomes.outcomes, outcomes.models, rows=everything, leave_out=LEAVE_OUT)
    scores = read_boards(evidence)
    known = {score.model for score in scores}
    anchors = build_anchors(heads.quality, features, blocks, outcomes.models)
    on_boards = {name: anchor for name, anchor in anchors.items() if name in known}
    directions = mean_directions(heads.quality, features, outcomes.prompts.families)
    fitted = fit_board_items(scores, on_boards, directions)
    centre = np.mean([anchor.mean for anchor in on_boards.values()], axis=0)
    skills = (WIDE_SKILL_SD,) * (heads.quality.dimensions - 1)
    wide = AbilityPrior(mean=tuple(map(float, centre)), sd=(WIDE_GENERAL_SD, *skills))
    return AbilityNumbers(fitted.items, fit_class_priors(read_cards(REGISTRY), fitted.items, wide))


if __name__ == "__main__":
    main()
