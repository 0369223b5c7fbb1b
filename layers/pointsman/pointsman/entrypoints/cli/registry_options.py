"""The options that all commands which edit the registry share, and what they do with an edit."""

from dataclasses import dataclass
from typing import Annotated

import typer

from pointsman.adapters.registry_yaml import YamlDocument
from pointsman.application.edit_registry import Edit
from pointsman.bootstrap.registry import RegistryDesk, build_registry_desk
from pointsman.domain.errors import RegistryError
from pointsman.entrypoints.cli.operating import operating
from pointsman.entrypoints.cli.registry_views import show_plan

Apply = Annotated[bool, typer.Option("--apply", help="Write the next version; without it nothing is written.")]
Reason = Annotated[str, typer.Option("--reason", "-m", help="Why, for the history.")]
Base = Annotated[int | None, typer.Option("--base", help="Refuse if the registry is not at this version any more.")]
CorrectPrices = Annotated[
    bool, typer.Option("--correct-prices", help="Allow prices that have begun to hold to be rewritten.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


@dataclass(frozen=True, slots=True)
class EditOptions:
    apply: bool
    reason: str
    as_json: bool
    base: int | None = None
    may_correct_prices: bool = False


def open_desk(context: typer.Context) -> RegistryDesk:
    """What the commands on the registry work with, unless the caller brought a desk along."""
    if isinstance(context.obj, RegistryDesk):
        return context.obj
    with operating() as operator:
        return build_registry_desk(operator.settings, operator.connect())


def run_edit(desk: RegistryDesk, edit: Edit, options: EditOptions) -> None:
    """Show what the edit changes, and make it where that is wished."""
    editor, prices = desk.editor, options.may_correct_prices
    if not options.apply:
        show_plan(
            editor.plan(edit, base=options.base, may_correct_prices=prices), written=None, as_json=options.as_json
        )
        return
    plan, number = editor.apply(
        edit, author=desk.author, reason=options.reason, base=options.base, may_correct_prices=prices
    )
    show_plan(plan, written=number, as_json=options.as_json)


def at_line(error: RegistryError, document: YamlDocument) -> RegistryError:
    """The same error, led by the line of the file that it is about."""
    return RegistryError(f"{document.place(error.item, error.path)}: {error}", item=error.item, path=error.path)
