"""Draws what `make onboarding` found: error, ranking and regret against the answers graded.

python -m training.evaluation.onboarding_plot onboarding.json onboarding.png
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

PANELS = {"excess_brier": "Brier score above all answers graded", "auc": "AUC", "regret": "regret of routing"}
COLOURS = {"adaptive": "tab:blue", "random": "tab:orange"}


def main() -> None:
    report, target = Path(sys.argv[1]), Path(sys.argv[2])
    draw(json.loads(report.read_text(encoding="utf-8"))["by_answers"], target)


def draw(by_answers: Mapping[str, Mapping[str, Mapping[str, Any]]], target: Path) -> None:
    """One panel per figure, one line per way of choosing prompts; dashed, what all answers give."""
    figure: Any = Figure(figsize=(12, 3.6), layout="constrained")
    for panel, (name, title) in zip(figure.subplots(1, len(PANELS)), PANELS.items(), strict=True):
        for way, colour in COLOURS.items():
            rows = by_answers[way]
            panel.plot([int(answers) for answers in rows], [row[name] for row in rows.values()], "o-", color=colour)
        panel.axhline(by_answers["full"]["all"][name], linestyle="--", color="grey")
        panel.set(title=title, xlabel="answers graded", xscale="log")
    figure.legend(COLOURS, loc="outside right")
    figure.savefig(target, dpi=120)


if __name__ == "__main__":
    main()
