"""Evaluates routing and tasks on any data of the published layout, prints one table and writes one report.

    python -m training.evaluation.evaluate --data DIR --tasks FILE --out report.json

The routers are fitted anew on each fold of the given outcomes, ours by the recipe of the shipped head on the shipped
encoder; tasks are read by the shipped graph as it stands. Where the data brings no prompt whose split is `train`, the
folder --known holds the side that is fitted on.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from pointsman.adapters.onnx_meta_model import OnnxMetaModel

from training.data.columns import UnusableDataError
from training.data.hard_set import read_hard_set
from training.data.known_outcomes import Answered, put_beside, read_answered
from training.data.prompts import TaskPrompt, read_task_prompts
from training.data.routing_data import routing_tables
from training.encoder.make_encoder import make_encoder
from training.evaluation.long_input import likeliest_label, print_long_input, read_long_prompts, report_long_input
from training.evaluation.robustness import (
    calibrated_registry,
    print_robustness,
    read_plain,
    read_reworded,
    report_robustness,
)
from training.evaluation.routing_report import Figures, report_over_seeds
from training.evaluation.task_report import print_tasks, report_tasks
from training.make_model import embed_answered
from training.places import CACHE, DATA, OUT, SEED
from training.progress import say

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
    try:
        answered, tasks = _read_outcomes(arguments.data, arguments.known), read_task_prompts(arguments.tasks)
    except UnusableDataError as error:
        sys.exit(f"nothing to evaluate: {error}")
    report = evaluate(answered, tasks, seeds=range(SEED, SEED + arguments.seeds))
    arguments.out.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print_report(report)


def _read_outcomes(directory: Path, known: Path) -> Answered:
    answered = read_answered(directory)
    return answered if answered.has_known_side or not known.exists() else put_beside(answered, read_answered(known))


def evaluate(answered: Answered, tasks: Sequence[TaskPrompt], *, seeds: Sequence[int]) -> dict[str, Any]:
    """Texts are read in a process of their own while the routers are fitted in this one."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as beside:
        readings = beside.submit(evaluate_readings, tasks)
        return {**evaluate_routing(answered, seeds=seeds), **readings.result()}


def evaluate_readings(tasks: Sequence[TaskPrompt]) -> dict[str, Any]:
    model = OnnxMetaModel(OUT)
    return {
        "tasks": report_tasks(model, tasks),
        "hard_set": report_tasks(model, read_hard_set()),
        "robustness": report_robustness(model, calibrated_registry(OUT), read_plain(), read_reworded()),
        "long_input": report_long_input(likeliest_label(model), read_long_prompts()),
    }


def evaluate_routing(answered: Answered, *, seeds: Sequence[int]) -> dict[str, Any]:
    """`left_out` tells of each source that cannot be routed on why."""
    tables = routing_tables(answered.prompts, answered.outcomes)
    left_out = {table.source: table.shortcoming for table in tables if table.shortcoming}
    for source, shortcoming in left_out.items():
        say(f"{source}: left out, for it has {shortcoming}")
    usable = [table for table in tables if not table.shortcoming]
    embedded = embed_answered(answered, make_encoder(CACHE / "encoder")).embedded if usable else None
    routing = {table.source: report_over_seeds(table, embedded, seeds=seeds) for table in usable if embedded}
    return {"routing": routing, "left_out": left_out}


def print_report(report: Mapping[str, Any]) -> None:
    print_routing(report["routing"])
    print_tasks(report["tasks"])
    print_tasks(report["hard_set"], "hard set")
    print_robustness(report["robustness"])
    print_long_input(report["long_input"])


def print_routing(report: RoutingReport) -> None:
    print(f"{'source':20}{'mode':6}{'router':12}" + "".join(f"{title:>8}" for title in COLUMNS.values()))
    for source, modes in report.items():
        for mode, routers in modes.items():
            for router, figures in routers.items():
                print(f"{source:20}{mode:6}{router:12}" + "".join(f"{figures[name]:8.3f}" for name in COLUMNS))


if __name__ == "__main__":
    main()
