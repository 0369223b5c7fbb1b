"""`make decision-table`: what is chosen for 24 prompts under each objective, and why, as the table in the README.

Decides with the packed seed registry and the real meta-model, as if every provider of the catalog had a key; calls
nobody.
"""

import sys
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import get_args

from pointsman.adapters.onnx_meta_model import OnnxMetaModel
from pointsman.adapters.providers.spec import load_catalog
from pointsman.adapters.seed_registry import read_seed_registry
from pointsman.application.read_features import read_features
from pointsman.domain.candidate import Situation
from pointsman.domain.decision import Decision, decide
from pointsman.domain.documents.ledger import explain
from pointsman.domain.preferences import Caller, Preferences
from pointsman.domain.registry import Objective
from pointsman.domain.request import ChatRequest, Message, TextPart
from pointsman.domain.task import likeliest_task

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
BEGIN, END = "<!-- decision-table -->", "<!-- /decision-table -->"
# The day of the prices, so that the table only changes with the code, the model or the registry.
PRICED_ON = date(2026, 11, 23)
OBJECTIVES: tuple[Objective, ...] = get_args(Objective)
LONGEST_PROMPT = 60


def main() -> int:
    table = "\n".join(_rows())
    print(table)
    if "--write" in sys.argv:
        before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
        _, _, after = rest.partition(END)
        README.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")
    return 0


def _rows() -> Iterator[str]:
    yield f"| prompt | task read | {' | '.join(OBJECTIVES)} | the next best under `balanced`, and what it lost by |"
    yield "| --- " * (len(OBJECTIVES) + 3) + "|"
    prompts = tomllib.loads(Path(__file__).with_name("prompts.toml").read_text(encoding="utf-8"))["prompt"]
    meta_model = OnnxMetaModel(ROOT / "layers" / "meta_model")
    for prompt in prompts:
        decisions = [_decide(str(prompt["text"]), meta_model, objective) for objective in OBJECTIVES]
        yield _row(str(prompt["text"]), decisions)


def _decide(text: str, meta_model: OnnxMetaModel, objective: Objective) -> Decision:
    request = ChatRequest(messages=(Message("user", (TextPart(text),)),))
    return decide(
        Situation(
            features=read_features(request, meta_model),
            preferences=Preferences(objective=objective),
            caller=Caller("bench"),
            registry=read_seed_registry(),
            live={},
            today=PRICED_ON,
            accounts=frozenset(load_catalog()),
        )
    )


def _row(text: str, decisions: list[Decision]) -> str:
    reading = decisions[0].situation.features.reading
    task = likeliest_task(reading.task_milli, decisions[0].situation.features.task_labels)
    chosen = [f"{d.chosen.candidate.id} ({d.chosen.quality.mean_milli / 1000:.2f})" for d in decisions]
    return f"| {_shorten(text)} | {task} | {' | '.join(chosen)} | {_why(decisions[OBJECTIVES.index('balanced')])} |"


def _why(decision: Decision) -> str:
    """What the next best one lost by; where the safe default serves, or nothing else could, why."""
    if decision.is_abstention or len(decision.order) < 2:
        return explain(decision, decision.chosen)
    rival = decision.order[1]
    return f"{rival.candidate.id} {explain(decision, rival)}"


def _shorten(text: str) -> str:
    line = " ".join(text.split()).replace("|", "\\|")
    return line if len(line) <= LONGEST_PROMPT else f"{line[:LONGEST_PROMPT]}..."


if __name__ == "__main__":
    sys.exit(main())
