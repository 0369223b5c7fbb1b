"""`pointsman keys`: who may call the endpoint, and what each key allows."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, get_args

import typer
from rich.console import Console
from rich.table import Column, Table

from pointsman.adapters.dynamodb.key_store import KeyEntry
from pointsman.adapters.dynamodb.keys import encode_caller
from pointsman.domain.budget import BudgetPeriod
from pointsman.domain.preferences import Caller, Role
from pointsman.domain.registry import Objective
from pointsman.entrypoints.cli.operating import operating

commands = typer.Typer(no_args_is_help=True, help="API keys.")

MODELS_HELP = "Models it may use, such as 'anthropic/*'. Repeatable; none means all."
OBJECTIVES_HELP = "Objectives it may use, the first being its own default. Repeatable; none means all."


def read_dollars(text: str) -> Decimal:
    """A sum of money above 0."""
    try:
        dollars = Decimal(text)
    except InvalidOperation:
        dollars = Decimal(0)
    if not (dollars.is_finite() and dollars > 0):
        raise typer.BadParameter("expected an amount of dollars above 0")
    return dollars


def read_objectives(names: Sequence[str]) -> tuple[Objective, ...]:
    known: tuple[Objective, ...] = get_args(Objective)
    if unknown := [name for name in names if name not in known]:
        raise typer.BadParameter(f"{unknown[0]!r} is none of {', '.join(known)}", param_hint="--objective")
    return tuple(objective for name in names for objective in known if objective == name)


@commands.command("create")
def create_api_key(  # noqa: PLR0913 - an argument is an option
    name: str,
    role: Annotated[Role, typer.Option(help="An operator's key also opens the control API.")] = "app",
    allow: Annotated[list[str] | None, typer.Option(help=MODELS_HELP)] = None,
    objective: Annotated[list[str] | None, typer.Option(help=OBJECTIVES_HELP)] = None,
    zero_retention: Annotated[bool, typer.Option("--zero-retention", help="Only models that keep nothing.")] = False,
    no_training: Annotated[bool, typer.Option("--no-training", help="Only models that do not learn from it.")] = False,
    requests_per_minute: Annotated[int | None, typer.Option(min=1)] = None,
    budget_usd: Annotated[Decimal | None, typer.Option(parser=read_dollars, help="What it may spend a period.")] = None,
    budget_period: Annotated[BudgetPeriod, typer.Option()] = "month",
) -> None:
    """Make an API key. It is shown this once and kept nowhere."""
    wanted = Caller(
        key_id=name,
        allowed_models=tuple(allow or ()),
        role=role,
        objectives=read_objectives(objective or ()),
        zero_retention=zero_retention,
        no_training=no_training,
        requests_per_minute=requests_per_minute,
        budget_usd=budget_usd,
        budget_period=budget_period,
    )
    with operating() as operator:
        typer.echo(operator.keys().create(wanted, pepper=operator.pepper(), now=datetime.now(UTC)))


@commands.command("list")
def list_api_keys(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """All keys with what they allow; the keys themselves are nowhere."""
    with operating() as operator:
        entries = operator.keys().list()
    if as_json:
        typer.echo(json.dumps([_document(entry) for entry in entries], indent=2, default=str))
    else:
        Console().print(_table(entries))


@commands.command("revoke")
def revoke_api_key(key_id: str) -> None:
    """Refuse a key from now on; functions that remember it do so for at most a minute."""
    with operating() as operator:
        operator.keys().revoke(key_id, now=datetime.now(UTC))
        typer.echo(f"{key_id}: revoked")


def _document(entry: KeyEntry) -> dict[str, object]:
    return {**encode_caller(entry.caller), "created_at": entry.created_at, "revoked_at": entry.revoked_at}


def _table(entries: list[KeyEntry]) -> Table:
    # `revoke` takes the id as it is: the others give way to it in a narrow window.
    key = Column("key", no_wrap=True)
    table = Table(key, "role", "models", "objectives", "data", "requests/min", "budget", "created", "revoked")
    for entry in entries:
        caller = entry.caller
        flags = {"zero retention": caller.zero_retention, "no training": caller.no_training}
        table.add_row(
            caller.key_id,
            caller.role,
            ", ".join(caller.allowed_models) or "all",
            ", ".join(caller.objectives) or "all",
            ", ".join(name for name, is_set in flags.items() if is_set) or "any",
            "no limit" if caller.requests_per_minute is None else str(caller.requests_per_minute),
            _budget(caller.budget_usd, caller.budget_period),
            entry.created_at,
            entry.revoked_at or "",
        )
    return table


def _budget(usd: Decimal | None, period: BudgetPeriod) -> str:
    if usd is None:
        return "no limit"
    return f"{usd} USD in all" if period == "total" else f"{usd} USD a {period}"
