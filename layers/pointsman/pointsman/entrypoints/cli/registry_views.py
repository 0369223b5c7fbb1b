"""How the commands on the registry answer: tables and colours for people, JSON for programs."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pointsman.application.adopt_edits import Adoption
from pointsman.application.edit_registry import Plan
from pointsman.domain.documents.registry_diff import FieldChange
from pointsman.domain.model_card import ModelCard
from pointsman.domain.registry import Registry, Version
from pointsman.entrypoints.registry_documents import (
    adoption_document,
    differences_document,
    history_document,
    models_document,
    plan_document,
    price_today,
)

# Where nobody looks on, lines are as long as they need be.
UNWATCHED_WIDTH: Final = 160
SHOWN_CHARACTERS: Final = 60


def show_plan(plan: Plan, *, written: int | None, as_json: bool) -> None:
    """`written` is the version that was made, None for a dry run."""
    if as_json:
        print_json(plan_document(plan, written=written))
        return
    show_differences(plan.differences, as_json=False)
    if not plan.differences:
        typer.echo(f"Nothing to change: version {plan.before.version} is so already.")
    elif written is None:
        typer.echo(f"A dry run on version {plan.before.version}: nothing was written; --apply writes it.")
    else:
        typer.secho(f"Registry: version {written}.", fg="green")


def show_differences(differences: Sequence[FieldChange], *, as_json: bool) -> None:
    if as_json:
        print_json(differences_document(differences))
        return
    table = Table("item", "field", "before", "after", box=SIMPLE_HEAD)
    for change in differences:
        table.add_row(*_change_row(change))
    print_table(table)


def show_models(registry: Registry, today: date, *, as_json: bool) -> None:
    if as_json:
        print_json(models_document(registry, today))
        return
    table = Table(
        "model", "kind", "class", "state", "weight", "input", "output", "context", "known by", box=SIMPLE_HEAD
    )
    for card in registry.cards:
        table.add_row(*_model_row(card, today), style=None if card.enabled and card.weight_milli else "dim")
    print_table(table)
    typer.echo(f"Version {registry.version}, {len(registry.cards)} models; US dollars per million tokens.")


def show_history(versions: Sequence[Version], *, as_json: bool) -> None:
    if as_json:
        print_json(history_document(versions))
        return
    table = Table("version", "when (UTC)", "who", "why", "what", box=SIMPLE_HEAD)
    for version in versions:
        change = version.change
        moment = change.at.strftime("%Y-%m-%d %H:%M:%S")
        table.add_row(str(version.number), moment, escape(change.author), escape(change.reason), _what(version))
    print_table(table)


def show_adoption(adoption: Adoption, *, as_json: bool) -> None:
    if as_json:
        print_json(adoption_document(adoption))
        return
    for name in adoption.adopted:
        typer.secho(f"{name}: adopted as version {adoption.version}", fg="green")
    for name, reason in adoption.rejected.items():
        typer.secho(f"{name}: rejected: {reason}", fg="red")
    if not adoption.adopted and not adoption.rejected:
        typer.echo("No row was edited directly.")


def print_json(document: Mapping[str, Any]) -> None:
    typer.echo(json.dumps(document, indent=1, ensure_ascii=False))


def print_table(table: Table) -> None:
    console = Console()
    if not console.is_terminal:
        console = Console(width=UNWATCHED_WIDTH)
    console.print(table)


def _change_row(change: FieldChange) -> tuple[str, str, str, str]:
    if not change.path:
        came = change.before is None
        return escape(change.item), "", "" if came else "[red]a model[/red]", "[green]a model[/green]" if came else ""
    before, after = _shorten(change.before), _shorten(change.after)
    return escape(change.item), escape(change.path), f"[red]{before}[/red]", f"[green]{after}[/green]"


def _shorten(value: Any) -> str:
    if value is None:
        return "(default)"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return escape(text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 3] + "...")


def _model_row(card: ModelCard, today: date) -> tuple[str, ...]:
    state = "on" if card.enabled else "off"
    if card.retires_on is not None:
        state += f", retires {card.retires_on.isoformat()}"
    known_by = card.ability.basis.replace("_", " ") if card.ability else "nothing"
    weight, context = f"{card.weight_milli / 1000:g}", f"{card.context_tokens:,}"
    prices = (price_today(card, "input", today), price_today(card, "output", today))
    return card.id, card.kind, card.model_class, state, weight, *prices, context, known_by


def _what(version: Version) -> str:
    more = version.changed_count - len(version.changed[:3])
    return escape(", ".join(version.changed[:3]) + (f" and {more} more" if more else ""))
