"""How often another wording of the same request changes the task or the chosen model, and what attacks achieve.

What a request asks about (a picture, a recording, tools) is attached to it, in both wordings. Decides over the packed
seed registry as if every provider had a key, objective balanced; calls nobody.

    python -m training.evaluation.robustness
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from pointsman.adapters.items_file import ITEMS_FILE, load_items
from pointsman.adapters.onnx_meta_model import OnnxMetaModel
from pointsman.adapters.providers.spec import load_catalog
from pointsman.adapters.seed_registry import read_seed_registry
from pointsman.application.fit_abilities import fit_abilities
from pointsman.application.ports import MetaModel
from pointsman.application.read_features import read_features
from pointsman.domain.candidate import Situation
from pointsman.domain.decision import Decision, decide
from pointsman.domain.preferences import Caller, Preferences
from pointsman.domain.registry import Registry
from pointsman.domain.request import ChatRequest, MediaPart, Message, Modality, TextPart, Tool
from pointsman.domain.task import likeliest_task

from training.data.hard_set import read_hard_set
from training.data.perturbations import PERTURBATIONS
from training.evaluation.task_report import ROUTES
from training.progress import show_progress

PAIRS = Path(__file__).with_name("reworded.jsonl")
SEED = 20261127
DIGITS = 4
# The day of the prices, so that figures only change with the code, the model or the registry.
PRICED_ON = date(2026, 11, 23)
# Kinds of the hard set whose prompts are short and plain enough to be reworded by rule.
REWORDED_KINDS = ("plain", "languages")
MIME_TYPES: Mapping[Modality, str] = {"image": "image/png", "audio": "audio/wav", "video": "video/mp4"}


@dataclass(frozen=True, slots=True)
class Plain:
    """A prompt, and what comes with it: kinds of media, or `tools`."""

    text: str
    given: frozenset[str] = frozenset()


Pair = tuple[Plain, Plain]


@dataclass(frozen=True, slots=True)
class Router:
    meta_model: MetaModel
    registry: Registry
    accounts: frozenset[str]

    def decide(self, prompt: Plain) -> Decision:
        request = as_request(prompt)
        return decide(
            Situation(
                features=read_features(request, self.meta_model),
                preferences=Preferences(objective="balanced"),
                caller=Caller("evaluation"),
                registry=self.registry,
                live={},
                today=PRICED_ON,
                accounts=self.accounts,
            )
        )


def as_request(prompt: Plain) -> ChatRequest:
    media = tuple(
        MediaPart(kind, MIME_TYPES[kind], base64_data="") for kind in sorted(MIME_TYPES.keys() & prompt.given)
    )
    tools = (Tool("lookup"),) if "tools" in prompt.given else ()
    return ChatRequest(messages=(Message("user", (TextPart(prompt.text), *media)),), tools=tools)


def report_robustness(
    meta_model: MetaModel, registry: Registry, plain: Sequence[Plain], reworded: Mapping[str, Sequence[Pair]]
) -> dict[str, Any]:
    """Shares by perturbation: task_flips, route_flips, choice_flips, escalations. `plain` are reworded by rule."""
    router, random = Router(meta_model, registry, frozenset(load_catalog())), Random(SEED)
    pairs: dict[str, Sequence[Pair]] = {
        name: [(prompt, replace(prompt, text=change(prompt.text, random))) for prompt in plain]
        for name, change in PERTURBATIONS.items()
    }
    prompts = list(dict.fromkeys(one for own in (*pairs.values(), *reworded.values()) for pair in own for one in pair))
    decisions = {prompt: router.decide(prompt) for prompt in show_progress(prompts, "robustness")}
    return {
        name: _report([(decisions[a], decisions[b]) for a, b in own]) for name, own in {**pairs, **reworded}.items()
    }


def calibrated_registry(release: Path) -> Registry:
    """The seed registry, its abilities fitted for the meta-model in `release`: else all goes to the safe default."""
    registry, items = read_seed_registry(), load_items(release / ITEMS_FILE)
    return replace(registry, cards=fit_abilities(registry.cards, items))


def read_plain() -> list[Plain]:
    own = (prompt for prompt in read_hard_set() if prompt.source in REWORDED_KINDS)
    return [Plain(prompt.text, frozenset(prompt.modality_in)) for prompt in own]


def read_reworded(file: Path = PAIRS) -> Mapping[str, Sequence[Pair]]:
    """Pairs written by hand, by kind: paraphrase, translation."""
    pairs: dict[str, list[Pair]] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        given = frozenset(row.get("given", ()))
        pairs.setdefault(row["kind"], []).append((Plain(row["text"], given), Plain(row["other"], given)))
    return pairs


def print_robustness(report: Mapping[str, Mapping[str, float]]) -> None:
    print(f"{'robustness':18}{'task flips':>12}{'route flips':>13}{'choice flips':>14}{'escalations':>13}{'models':>8}")
    for name, shares in report.items():
        flips = f"{shares['task_flips']:12.3f}{shares['route_flips']:13.3f}{shares['choice_flips']:14.3f}"
        print(f"{name:18}{flips}{shares['escalations']:13.3f}{shares['models_chosen']:8}")


def _report(decided: Sequence[tuple[Decision, Decision]]) -> dict[str, float]:
    tasks = [_task(before) != _task(after) for before, after in decided]
    routes = [ROUTES.get(_task(before)) != ROUTES.get(_task(after)) for before, after in decided]
    choices = [_model(before) != _model(after) for before, after in decided]
    cheap = [pair for pair in decided if _is_cheap(pair[0])]
    escalations = [_costs_more(before, _model(after)) for before, after in cheap]
    flips = {"task_flips": _share(tasks), "route_flips": _share(routes), "choice_flips": _share(choices)}
    # One model alone never flips: a zero beside a one says nothing.
    return {
        **flips,
        "escalations": _share(escalations),
        "models_chosen": len({_model(before) for before, _ in decided}),
    }


def _share(flags: Sequence[bool]) -> float:
    return round(sum(flags) / max(len(flags), 1), DIGITS)


def _task(decision: Decision) -> str:
    features = decision.situation.features
    return likeliest_task(features.reading.task_milli, features.task_labels)


def _model(decision: Decision) -> str:
    return decision.chosen.candidate.id


def _is_cheap(decision: Decision) -> bool:
    """The chosen model costs no more than half of the models that could serve."""
    return decision.chosen.cost_usd_p50 <= median(prediction.cost_usd_p50 for prediction in decision.order)


def _costs_more(decision: Decision, model: str) -> bool:
    """`model` at the price of this request, not of the longer one that was sent: only the choice is judged."""
    costs = [p.cost_usd_p50 for p in decision.order if p.candidate.id == model]
    return bool(costs) and min(costs) > decision.chosen.cost_usd_p50


def main() -> None:
    release = Path(__file__).resolve().parents[2] / "layers" / "meta_model"
    model, registry = OnnxMetaModel(release), calibrated_registry(release)
    print_robustness(report_robustness(model, registry, read_plain(), read_reworded()))


if __name__ == "__main__":
    main()
