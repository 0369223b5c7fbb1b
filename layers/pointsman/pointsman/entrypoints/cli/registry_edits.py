"""`pointsman registry list | show | diff | history` and `edit | apply | rollback | adopt`: seeing and changing it."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import click
import typer

from pointsman.adapters.registry_yaml import read_yaml, write_yaml
from pointsman.application.preview_edit import PreviewEdit
from pointsman.domain.documents.registry_change import apply_change, item_document, replace_item
from pointsman.domain.documents.registry_diff import diff_registries
from pointsman.domain.errors import RegistryError
from pointsman.entrypoints.cli.operating import ending_in_one_line, fail
from pointsman.entrypoints.cli.preview_views import show_preview
from pointsman.entrypoints.cli.registry_options import (
    Apply,
    AsJson,
    Base,
    CorrectPrices,
    EditOptions,
    Reason,
    at_line,
    open_desk,
    run_edit,
)
from pointsman.entrypoints.cli.registry_views import (
    print_json,
    show_adoption,
    show_differences,
    show_history,
    show_models,
)

commands = typer.Typer()

Item = Annotated[str, typer.Argument(help="A model's id, or `policy`.")]
At = Annotated[int | None, typer.Option("--version", help="As it was at this version; the newest without it.")]


@commands.command("list")
def list_models(context: typer.Context, version: At = None, as_json: AsJson = False) -> None:
    """All models, with what they cost today."""
    with ending_in_one_line():
        desk = open_desk(context)
        registry = desk.editor.newest() if version is None else desk.editor.version(version)
        show_models(registry, desk.editor.now().date(), as_json=as_json)


@commands.command("show")
def show_item(context: typer.Context, item: Item, version: At = None, as_json: AsJson = False) -> None:
    """One model's card, or the policy, as YAML that `apply` takes back."""
    with ending_in_one_line():
        editor = open_desk(context).editor
        document = item_document(editor.newest() if version is None else editor.version(version), item)
    if as_json:
        print_json(document)
    else:
        typer.echo(write_yaml({"policy": document} if item == "policy" else {"models": [document]}), nl=False)


@commands.command("diff")
def diff_versions(
    context: typer.Context,
    before: Annotated[int | None, typer.Argument(help="A version; the one before AFTER without it.")] = None,
    after: Annotated[int | None, typer.Argument(help="A version; the newest without it.")] = None,
    as_json: AsJson = False,
) -> None:
    """What differs between two versions, field by field."""
    with ending_in_one_line():
        editor = open_desk(context).editor
        newer = editor.newest() if after is None else editor.version(after)
        older = editor.version(max(1, newer.version - 1) if before is None else before)
        show_differences(diff_registries(older, newer), as_json=as_json)


@commands.command("history")
def list_history(
    context: typer.Context,
    most: Annotated[int, typer.Option("--most", min=1, max=1000, help="How many versions to show.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Who changed what, when and why, the newest first."""
    with ending_in_one_line():
        show_history(open_desk(context).editor.store.history(most), as_json=as_json)


@commands.command("apply")
def apply_file(
    context: typer.Context,
    file: Annotated[Path, typer.Option("--file", "-f", exists=True, dir_okay=False, help="A change as YAML.")],
    apply: Apply = False,
    reason: Reason = "",
    base: Base = None,
    correct_prices: CorrectPrices = False,
    as_json: AsJson = False,
) -> None:
    """Show what a change would change, and with --apply make it."""
    with ending_in_one_line():
        document = read_yaml(file.read_text(encoding="utf-8"), file.name)
        options = EditOptions(apply, reason or f"applied {file.name}", as_json, base, correct_prices)
        try:
            run_edit(open_desk(context), lambda registry: apply_change(registry, document.content), options)
        except RegistryError as error:
            raise at_line(error, document) from error


@commands.command("preview")
def preview_file(
    context: typer.Context,
    file: Annotated[Path, typer.Option("--file", "-f", exists=True, dir_okay=False, help="A change as YAML.")],
    most: Annotated[int, typer.Option("--last", min=1, help="On so many of the newest stored decisions.")] = 1000,
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="At the prices of this day.")] = None,
    correct_prices: CorrectPrices = False,
    as_json: AsJson = False,
) -> None:
    """Try a change on stored decisions: which would change, for what money and quality. Calls nobody."""
    with ending_in_one_line():
        document, desk = read_yaml(file.read_text(encoding="utf-8"), file.name), open_desk(context)
        day = (on or desk.editor.now()).date()
        try:
            plan = desk.editor.plan(
                lambda registry: apply_change(registry, document.content), may_correct_prices=correct_prices
            )
        except RegistryError as error:
            raise at_line(error, document) from error
        show_preview(PreviewEdit(desk.trail).preview(plan, most=most, on=day), as_json=as_json)


@commands.command("edit")
def edit_item(context: typer.Context, item: Item, reason: Reason = "", correct_prices: CorrectPrices = False) -> None:
    """Open a model's card, or the policy, in $EDITOR; shows what changes and asks before it writes."""
    with ending_in_one_line():
        desk = open_desk(context)
        newest = desk.editor.newest()
        text = click.edit(write_yaml(item_document(newest, item)), extension=".yaml")
        if text is None:
            fail("nothing was saved, so nothing changes")
        document = read_yaml(text, item)
        why = reason or f"edited {item}"
        options = EditOptions(False, why, False, newest.version, correct_prices)
        try:
            run_edit(desk, lambda registry: replace_item(registry, item, document.content), options)
        except RegistryError as error:
            raise RegistryError(f"{document.place(None, error.path)}: {error}") from error
        if typer.confirm("Write it?"):
            made = EditOptions(True, why, False, newest.version, correct_prices)
            run_edit(desk, lambda registry: replace_item(registry, item, document.content), made)


@commands.command("rollback")
def roll_back(
    context: typer.Context,
    version: Annotated[int, typer.Argument(help="The version to go back to.")],
    apply: Apply = False,
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """Make everything as it was at a version, as a new version. Also takes prices back, rightly entered or not."""
    with ending_in_one_line():
        desk = open_desk(context)
        options = EditOptions(apply, reason or f"back to version {version}", as_json, may_correct_prices=True)
        run_edit(desk, desk.editor.back_to(version), options)


@commands.command("adopt")
def adopt_direct_edits(context: typer.Context, as_json: AsJson = False) -> None:
    """Judge rows that were edited directly in the table. In AWS a function does this by itself within seconds."""
    with ending_in_one_line():
        adoption = open_desk(context).adopter.adopt()
        show_adoption(adoption, as_json=as_json)
    if adoption.rejected:
        raise typer.Exit(1)
