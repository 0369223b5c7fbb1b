"""Evaluates routing and tasks on any data of the published layout, prints one table and writes one report.

    python -m training.evaluation.evaluate --data DIR --tasks FILE --out report.json

The routers are fitted anew on each fold of the given outcomes, ours by the recipe of the shipped head on the shipped
encoder; tasks are read by the shipped graph as it stands.
"""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pointsman.adapters.onnx_meta_model import OnnxMetaModel

from training.data.prompts import read_task_prompts
from training.data.routing_data import routing_tables
from training.encoder.make_encoder import make_encoder
from training.evaluation.routing_report import Figures, report_routing
from training.evaluation.task_report import print_tasks, report_tasks
from training.make_model import load_outcomes
from training.places import CACHE, OUT, SEED

RoutingReport = Mapping[str, Mapping[str, Mapping[str, Figures]]]


def main() -> None:
    parser = argparse.ArgumentParser(description="Evaluate the meta-model.")
    parser.add_argument("--data", type=Path, required=True, help="folder with prompts.parquet and outcomes.parquet")
    parser.add_argument("--tasks", type=Path, required=True, help="labelled prompts, .jsonl.gz")
    parser.add_argument("--out", type=Path, required=True, help="where the report is written, as JSON")
    arguments = parser.parse_args()
    report = {"routing": evaluate_routing(arguments.data), "tasks": evaluate_tasks(arguments.tasks)}
    arguments.out.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print_routing(report["routing"])
    print_tasks(report["tasks"])


def evaluate_routing(directory: Path) -> dict[str, Any]:
    data = load_outcomes(directory, make_encoder(CACHE / "encoder"))
    tables = routing_tables(data.prompts, data.outcomes)
    return {table.source: report_routing(table, data.embedded, seed=SEED) for table in tables}


def evaluate_tasks(file: Path) -> dict[str, Any]:
    return report_tasks(OnnxMetaModel(OUT), read_task_prompts(file))


def print_routing(report: RoutingReport) -> None:
    print(
        f"{'source':22}{'mode':6}{'router':12}{'AIQ':>7}{'AIQlog':>8}{'acc':>7}{'save':>7}{'save95':>8}{'APGR':>7}{'ECE':>7}"
    )
    for source, modes in report.items():
        for mode, routers in modes.items():
            for router, figures in routers.items():
                print(f"{source:22}{mode:6}{router:12}" + _row(figures))


def _row(figures: Figures) -> str:
    return "".join(f"{value:{width}.3f}" for value, width in zip(figures.values(), (7, 8, 7, 7, 8, 7, 7), strict=True))


if __name__ == "__main__":
    main()
