"""`pointsman prices`: what the refresh of prices held back, and an operator's word on it."""

from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from pointsman.application.refresh_prices import find_held, taking_over
from pointsman.domain.documents.price_quote import encode_quote
from pointsman.domain.price_refresh import Proposal
from pointsman.entrypoints.cli.operating import ending_in_one_line
from pointsman.entrypoints.cli.registry_options import Apply, AsJson, EditOptions, Reason, open_desk, run_edit
from pointsman.entrypoints.cli.registry_views import print_json, print_table

commands = typer.Typer(no_args_is_help=True, help="See and confirm prices that were held back.")

Model = Annotated[str, typer.Argument(help="A model's id.")]


@commands.command("held")
def list_held(context: typer.Context, as_json: AsJson = False) -> None:
    """Prices that changed by more than half, and so wait for a word."""
    with ending_in_one_line():
        held = open_desk(context).held_prices.all()
    if as_json:
        print_json({"held": [_document(proposal) for proposal in held]})
        return
    table = Table("model", "service tier", "prompts above", "USD per million tokens", "change", "seen", box=SIMPLE_HEAD)
    for proposal in held:
        for (tier, above), usd in proposal.quote.items():
            prices = ", ".join(f"{kind} {price}" for kind, price in usd.items())
            table.add_row(proposal.model, tier, str(above), prices, f"{proposal.change:.0%}", proposal.seen.isoformat())
    print_table(table)


@commands.command("confirm")
def confirm_held(
    context: typer.Context, model: Model, apply: Apply = False, reason: Reason = "", as_json: AsJson = False
) -> None:
    """Let a held price be a price from tomorrow on."""
    with ending_in_one_line():
        desk = open_desk(context)
        proposal = find_held(desk.held_prices, model)
        options = EditOptions(apply, reason or f"price confirmed: {proposal.source}", as_json)
        run_edit(desk, taking_over([proposal], today=desk.editor.now().date()), options)
        if apply:
            desk.held_prices.release(model)


def _document(proposal: Proposal) -> dict[str, object]:
    told = {"change": f"{proposal.change:.4f}", "source": proposal.source, "seen": proposal.seen.isoformat()}
    return {"model": proposal.model, "quote": encode_quote(proposal.quote), **told}
