"""`pointsman policy`: what holds where callers say nothing."""

from dataclasses import fields
from typing import Annotated, Any

import typer

from pointsman.domain.documents.registry_change import apply_change
from pointsman.domain.registry import Policy
from pointsman.entrypoints.cli.operating import ending_in_one_line
from pointsman.entrypoints.cli.registry_options import Apply, AsJson, EditOptions, Reason, open_desk, run_edit

commands = typer.Typer(no_args_is_help=True, help="What holds where callers say nothing.")

WHOLE_NUMBERS = {field.name for field in fields(Policy) if isinstance(field.default, int)}


@commands.command("set")
def set_policy(
    context: typer.Context,
    settings: Annotated[list[str], typer.Argument(help="field=value, such as willingness_to_pay_usd=0.10")],
    apply: Apply = False,
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """Set fields of the policy. `pointsman registry show policy` lists them."""
    policy = dict(map(_read_setting, settings))
    options = EditOptions(apply, reason or f"policy: {', '.join(policy)}", as_json)
    with ending_in_one_line():
        run_edit(open_desk(context), lambda registry: apply_change(registry, {"policy": policy}), options)


def _read_setting(text: str) -> tuple[str, Any]:
    name, sign, value = text.partition("=")
    if not sign:
        raise typer.BadParameter(f"{text!r} is not field=value")
    return name, int(value) if name in WHOLE_NUMBERS and value.isdecimal() else value
