"""For a finished meta-model the numbers from which abilities are fitted, and how well they foretell, into its folder.

python -m training.make_abilities [--data DIR] [--out DIR]
"""

import argparse
from pathlib import Path

from pointsman.adapters.onnx_meta_model import OnnxMetaModel
from pointsman.adapters.registry_yaml import read_cards

from training.abilities.ability_numbers import fit_ability_numbers, fit_scale
from training.abilities.outcome_items import read_outcome_items
from training.data.boards import read_boards
from training.data.prompts import read_outcome_prompts, read_outcomes
from training.evaluation.board_check import check_boards, print_boards
from training.places import DATA, OUT, REGISTRY, SEED
from training.progress import say
from training.publish import add_to_card, write_items


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Fit benchmarks as items and class priors for the meta-model in --out."
    )
    parser.add_argument("--data", type=Path, default=DATA, help="folder with router/ and registry/evidence/")
    parser.add_argument("--out", type=Path, default=OUT, help="folder of the meta-model")
    arguments = parser.parse_args()
    make_abilities(arguments.data, arguments.out)


def make_abilities(data: Path, out: Path) -> None:
    """Writes items.json and the card's `abilities`; the graph and the rest of the card stay as they are."""
    meta_model, prompts = OnnxMetaModel(out), read_outcome_prompts(data / "router")
    outcomes = read_outcome_items(meta_model, prompts, read_outcomes(data / "router", prompts), seed=SEED)
    scores = read_boards(data / "registry" / "evidence")
    scale = fit_scale(outcomes, scores)
    say("benchmarks as items")
    numbers = fit_ability_numbers(scale, scores, read_cards(REGISTRY))
    write_items(out, sha256=meta_model.sha256, items=numbers.items, priors=numbers.classes.priors)
    hidden = check_boards(scale, scores, seed=SEED)
    classes = {"members": numbers.classes.members, "interval_coverage_90": round(numbers.classes.coverage, 4)}
    add_to_card(out, "abilities", {"hidden_scores": hidden, "class_priors_on_left_out_members": classes})
    print_boards(hidden)


if __name__ == "__main__":
    main()
