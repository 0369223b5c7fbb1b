"""Evaluates routing and tasks on any data of the published layout, prints one table and writes one report.

    python -m training.evaluation.evaluate --data DIR --tasks FILE --out report.json

The routers are fitted anew on each fold of the given outcomes, ours by the recipe of the shipped head on the shipped
encoder; tasks are read by the shipped graph as it stands. Where the data brings no prompt whose split is `train`, the
folder --known holds the side that is fitted on.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pointsman.adapters.onnx_meta_model import OnnxMetaModel

from training.data.hard_set import read_hard_set
from training.data.known_outcomes import has_known_side, put_beside
from training.data.prompts import read_task_prompts
from training.data.routing_data import routing_tables
from training.encoder.make_encoder import make_encoder
from training.evaluation.robustness import (
    calibrated_registry,
    print_robustness,
    read_plain,
    read_reworded,
    report_robustness,
)
from training.evaluation.routing_report import Figures, report_over_seeds
from training.evaluation.task_report import print_tasks, report_tasks
from training.make_model import load_outcomes
from training.places import CACHE, DATA, OUT, SEED

COLUMNS = {
    "aiq_linear": "AIQ",
    "aiq_log": "AIQ log",
    "accuracy": "acc",
    "cost_save": "save",
    "cost_save_95": "save95",
    "apgr": "APGR",
    "ece": "ECE",
    "cpt_50": "CPT50",
    "cpt_80": "CPT80",
    "arena": "arena",
}
RoutingReport = Mapping[str, Mapping[str, Mapping[str, Figures]]]


def main() -> None:
    parser = argparse.ArgumentParser(description="Evaluate the meta-model.")
    parser.add_argument("--data", type=Path, required=True, help="folder with prompts.parquet and outcomes.parquet")
    parser.add_argument("--tasks", type=Path, required=True, help="labelled prompts, .jsonl.gz")
    parser.add_argument("--out", type=Path, required=True, help="where the report is written, as JSON")
    parser.add_argument("--known", type=Path, default=DATA / "router", help="outcomes to fit on where --data has none")
    parser.add_argument("--seeds", type=int, default=1, help="over how many seeds the figures of routing are averaged")
    arguments = parser.parse_args()
    model = OnnxMetaModel(OUT)
    report = {
        "routing": evaluate_routing(arguments.data, arguments.known, seeds=range(SEED, SEED + arguments.seeds)),
        "tasks": report_tasks(model, read_task_prompts(arguments.tasks)),
        "hard_set": report_tasks(model, read_hard_set()),
        "robustness": report_robustness(model, calibrated_registry(OUT), read_plain(), read_reworded()),
    }
    arguments.out.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print_routing(report["routing"])
    print_tasks(report["tasks"])
    print_tasks(report["hard_set"], "hard set")
    print_robustness(report["robustness"])


def evaluate_routing(directory: Path, known: Path, *, seeds: Sequence[int]) -> dict[str, Any]:
    encoder = make_encoder(CACHE / "encoder")
    data = load_outcomes(directory, encoder)
    if not has_known_side(data) and known.exists():
        data = put_beside(data, load_outcomes(known, encoder))
    tables = routing_tables(data.prompts, data.outcomes)
    return {table.source: report_over_seeds(table, data.embedded, seeds=seeds) for table in tables}


def print_routing(report: RoutingReport) -> None:
    print(f"{'source':20}{'mode':6}{'router':12}" + "".join(f"{title:>8}" for title in COLUMNS.values()))
    for source, modes in report.items():
        for mode, routers in modes.items():
            for router, figures in routers.items():
                print(f"{source:20}{mode:6}{router:12}" + "".join(f"{figures[name]:8.3f}" for name in COLUMNS))


if __name__ == "__main__":
    main()
