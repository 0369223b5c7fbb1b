"""How the commands on abilities answer: tables for people, JSON for programs."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from pointsman.application.calibrate_registry import AbilityChange
from pointsman.application.onboard_model import Standing
from pointsman.domain.model_card import Ability
from pointsman.domain.onboarding import PoolPrompt

SHOWN_CHARACTERS = 60
ADVICE = {
    "go_on": "go on: the pool's quality is not known well enough yet",
    "precise_enough": "precise enough: the pool's quality is known within a tenth",
    "enough_answers": "enough answers: more would tell little",
    "pool_exhausted": "every prompt of the pool is graded; add prompts to learn more",
}
# Where nobody looks on, lines are as long as they need be.
UNWATCHED_WIDTH = 120


def show_calibration(
    changes: Sequence[AbilityChange], sha256: str, *, applied: bool, version: int | None, as_json: bool
) -> None:
    if as_json:
        models = [_change_document(change) for change in changes]
        _print_json({"meta_model_sha256": sha256, "applied": applied, "version": version, "models": models})
        return
    table = Table("model", "general ability", "sd", "fitted to", box=SIMPLE_HEAD)
    for change in changes:
        table.add_row(*_change_row(change), style=None if change.is_change else "dim")
    _print(table)
    changed = sum(change.is_change for change in changes)
    typer.echo(f"{changed} of {len(changes)} abilities change for meta-model {sha256[:12]}.")
    typer.echo(_outcome(applied=applied, version=version))


def show_standing(standing: Standing, *, as_json: bool) -> None:
    if as_json:
        _print_json(_standing_document(standing))
    else:
        _print(_standing_table(standing))


def show_next(standing: Standing, chosen: Sequence[PoolPrompt], texts: Mapping[str, str], *, as_json: bool) -> None:
    if as_json:
        prompts = [{"id": prompt.prompt_id, "text": texts[prompt.prompt_id] or None} for prompt in chosen]
        _print_json({"next": prompts, "status": _standing_document(standing)})
        return
    table = Table("", "grade next", "prompt", box=SIMPLE_HEAD)
    for place, prompt in enumerate(chosen, start=1):
        table.add_row(str(place), prompt.prompt_id, _shorten(texts[prompt.prompt_id]))
    _print(table, _standing_table(standing))


def _change_row(change: AbilityChange) -> tuple[str, ...]:
    before, after = change.before, change.after
    return (
        change.card.id,
        _arrow(before and before.mean_milli[0], after.mean_milli[0]),
        _arrow(before and before.sd_milli[0], after.sd_milli[0]),
        _basis(change),
    )


def _basis(change: AbilityChange) -> str:
    if change.after.basis == "class_prior":
        return f"no evidence: prior of {change.card.model_class}"
    answers = f", {change.answers} answers" if change.answers else ""
    return f"{change.scores} scores{answers}"


def _arrow(before: int | None, after: int) -> str:
    if before == after:
        return f"{after / 1000:.3f}"
    return f"{'none' if before is None else f'{before / 1000:.3f}'} -> {after / 1000:.3f}"


def _outcome(*, applied: bool, version: int | None) -> str:
    if not applied:
        return "Nothing was written; --apply writes them."
    return "Nothing was written: there is nothing to change." if version is None else f"Registry: version {version}."


def _change_document(change: AbilityChange) -> dict[str, Any]:
    return {
        "id": change.card.id,
        "class": change.card.model_class,
        "basis": change.after.basis,
        "scores": change.scores,
        "answers": change.answers,
        "changed": change.is_change,
        "before": change.before and _ability_document(change.before),
        "after": _ability_document(change.after),
    }


def _ability_document(ability: Ability) -> dict[str, Any]:
    return {
        "general": ability.mean_milli[0] / 1000,
        "sd": ability.sd_milli[0] / 1000,
        "meta_model_sha256": ability.meta_model_sha256,
    }


def _standing_document(standing: Standing) -> dict[str, Any]:
    quality = standing.quality
    return {
        "model": standing.model_id,
        "ability": {"basis": standing.ability.basis, **_ability_document(standing.ability)},
        "pool_quality": {"mean": round(quality.mean, 4), "low": round(quality.low, 4), "high": round(quality.high, 4)},
        "answers": standing.answers,
        "left": standing.left,
        "verdict": standing.verdict,
    }


def _standing_table(standing: Standing) -> Table:
    quality = standing.quality
    table = Table(title=standing.model_id, show_header=False, title_justify="left", box=SIMPLE_HEAD)
    table.add_row("answers graded", f"{standing.answers}, {standing.left} prompts left")
    table.add_row(
        "general ability", f"{standing.ability.mean_milli[0] / 1000:.3f} ± {standing.ability.sd_milli[0] / 1000:.3f}"
    )
    table.add_row("quality over the pool", f"{quality.mean:.3f}, 90 % within {quality.low:.3f} to {quality.high:.3f}")
    table.add_row("verdict", ADVICE[standing.verdict])
    return table


def _shorten(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN_CHARACTERS else line[: SHOWN_CHARACTERS - 3] + "..."


def _print(*tables: Table) -> None:
    console = Console()
    if not console.is_terminal:
        console = Console(width=UNWATCHED_WIDTH)
    for table in tables:
        console.print(table)


def _print_json(document: Mapping[str, Any]) -> None:
    typer.echo(json.dumps(document, indent=1, ensure_ascii=False))
