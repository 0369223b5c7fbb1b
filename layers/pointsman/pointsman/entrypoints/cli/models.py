"""`pointsman models`: the quick changes: on, off, weight, trial."""

from typing import Annotated, Any

import typer

from pointsman.domain.documents.registry_change import apply_change, item_document
from pointsman.domain.registry import Registry
from pointsman.entrypoints.cli.operating import ending_in_one_line
from pointsman.entrypoints.cli.registry_options import Apply, AsJson, EditOptions, Reason, open_desk, run_edit

commands = typer.Typer(no_args_is_help=True, help="Switch models on and off.")

Models = Annotated[list[str], typer.Argument(help="Ids of models.")]


@commands.command("enable")
def enable_models(
    context: typer.Context, models: Models, apply: Apply = False, reason: Reason = "", as_json: AsJson = False
) -> None:
    """Let models serve again."""
    _change(context, models, {"enabled": True}, EditOptions(apply, reason or "enabled", as_json))


@commands.command("disable")
def disable_models(
    context: typer.Context, models: Models, apply: Apply = False, reason: Reason = "", as_json: AsJson = False
) -> None:
    """Keep models from serving; their cards stay."""
    _change(context, models, {"enabled": False}, EditOptions(apply, reason or "disabled", as_json))


@commands.command("weight")
def weigh_model(
    context: typer.Context,
    model: Annotated[str, typer.Argument(help="A model's id.")],
    weight: Annotated[
        float, typer.Argument(min=0, max=1, help="The share of requests in which it may be chosen: 1 all, 0 none.")
    ],
    apply: Apply = False,
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """Set a model's weight."""
    options = EditOptions(apply, reason or f"weight {weight:g}", as_json)
    _change(context, [model], {"weight_milli": round(1000 * weight)}, options)


@commands.command("explore")
def explore_model(
    context: typer.Context,
    model: Annotated[str, typer.Argument(help="A model's id.")],
    share: Annotated[
        float,
        typer.Argument(min=0, max=0.25, help="Of the requests that it may serve: 0.05 is one in twenty, 0 ends it."),
    ],
    apply: Apply = False,
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """Put a model on trial: it gets this share of requests, whatever else is known to be better."""
    options = EditOptions(apply, reason or f"trial at {share:g}", as_json)
    _change(context, [model], {"exploration_milli": round(1000 * share)}, options)


def _change(context: typer.Context, models: list[str], fields: dict[str, Any], options: EditOptions) -> None:
    def edit(registry: Registry) -> Registry:
        for model in models:
            item_document(registry, model)
        return apply_change(registry, {"models": [{"id": model, **fields} for model in models]})

    with ending_in_one_line():
        run_edit(open_desk(context), edit, options)
