"""Runs every recorded exchange of a folder, prints what became of them and writes it down as JSON.

python -m tests.conformance.conformance_report --fixtures <folder> --out <report.json>
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.conformance.exchanges import ABSENT, FOLDER, Exchange, UnknownLayoutError, read_folder
from tests.conformance.judging import Verdict, judge

STATUSES = ("passed", "failed", "not_applicable")


def judge_folder(folder: Path) -> Sequence[Verdict]:
    return [_judge_file(found) for found in read_folder(folder)]


def _judge_file(found: Exchange | UnknownLayoutError) -> Verdict:
    if isinstance(found, Exchange):
        return _judge_safely(found)
    return Verdict(found.file, found.file.partition("/")[0], "unknown", "not_applicable", str(found))


def _judge_safely(exchange: Exchange) -> Verdict:
    try:
        return judge(exchange)
    except Exception as error:  # noqa: BLE001 - one file must not end the run
        reason = f"judging it crashed ({type(error).__name__}: {error})"
        return Verdict(exchange.file, exchange.provider, exchange.kind, "failed", reason, exchange.endpoint)


def write_report(verdicts: Iterable[Verdict]) -> Mapping[str, Any]:
    judged = list(verdicts)
    counted = Counter(verdict.status for verdict in judged)
    return {**{status: counted[status] for status in STATUSES}, "cases": [_write_case(verdict) for verdict in judged]}


def _write_case(verdict: Verdict) -> Mapping[str, Any]:
    return {name: value for name, value in asdict(verdict).items() if value}


def print_report(verdicts: Sequence[Verdict]) -> None:
    _print_table("provider", [(verdict.provider, verdict.status) for verdict in verdicts])
    _print_table("kind", [(verdict.kind, verdict.status) for verdict in verdicts])
    _print_table("request", [(v.request, v.status) for v in verdicts if v.request], columns=("passed", "failed"))
    _print_table("not applicable because", _reasons(verdicts), columns=("not_applicable",))
    for verdict in verdicts:
        if verdict.status == "failed":
            print(f"FAILED {verdict.file}: {verdict.reason}")


def _reasons(verdicts: Sequence[Verdict]) -> list[tuple[str, str]]:
    return [(verdict.reason, verdict.status) for verdict in verdicts if verdict.status == "not_applicable"]


def _print_table(title: str, rows: Sequence[tuple[str, str]], *, columns: Sequence[str] = STATUSES) -> None:
    counts = Counter(rows)
    print(f"\n| {title} |", " | ".join(columns), "|")
    print("| --- |" + " ---: |" * len(columns))
    for name in sorted({name for name, _ in rows}):
        print(f"| {name} |", " | ".join(str(counts[name, column]) for column in columns), "|")
    print("| all |", " | ".join(str(sum(counts[row, c] for row in {n for n, _ in rows})) for c in columns), "|")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fixtures", type=Path, default=FOLDER)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    if not arguments.fixtures.is_dir():
        raise SystemExit(f"no folder {arguments.fixtures}" if arguments.fixtures != FOLDER else ABSENT)
    verdicts = judge_folder(arguments.fixtures)
    if not verdicts:
        raise SystemExit(f"no recordings in {arguments.fixtures}: they lie in a folder for each provider, as .json")
    print_report(verdicts)
    report = json.dumps(write_report(verdicts), indent=1, ensure_ascii=False)
    arguments.out.write_text(report + "\n", encoding="utf-8")
    if any(verdict.status == "failed" for verdict in verdicts):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
