"""The registry's routes. Plain functions: each waits for DynamoDB in a thread of its own."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from pointsman.application.edit_registry import Edit
from pointsman.application.preview_edit import PreviewEdit
from pointsman.bootstrap.registry import RegistryDesk
from pointsman.domain.documents.registry_change import apply_change, item_document
from pointsman.domain.documents.registry_diff import diff_registries
from pointsman.domain.registry import Registry
from pointsman.entrypoints.control_http.arrival import Desk
from pointsman.entrypoints.control_http.bodies import ChangeBody, PreviewBody, RollbackBody
from pointsman.entrypoints.registry_documents import (
    adoption_document,
    differences_document,
    history_document,
    models_document,
    plan_document,
    preview_document,
)

routes = APIRouter()


@routes.get("/registry")
def list_models(desk: Desk, version: int | None = None) -> dict[str, Any]:
    registry = desk.editor.newest() if version is None else desk.editor.version(version)
    return models_document(registry, desk.editor.now().date())


@routes.get("/registry/items/{item:path}")
def show_item(desk: Desk, item: str, version: int | None = None) -> dict[str, Any]:
    """A model's card, or the policy."""
    return item_document(desk.editor.newest() if version is None else desk.editor.version(version), item)


@routes.get("/registry/history")
def list_history(desk: Desk, most: Annotated[int, Query(ge=1, le=1000)] = 20) -> dict[str, Any]:
    return history_document(desk.editor.store.history(most))


@routes.get("/registry/diff")
def diff_versions(desk: Desk, before: int, after: int | None = None) -> dict[str, Any]:
    newer = desk.editor.newest() if after is None else desk.editor.version(after)
    return differences_document(diff_registries(desk.editor.version(before), newer))


@routes.post("/registry/changes")
def change_registry(desk: Desk, body: ChangeBody) -> dict[str, Any]:
    """Show what a change would change, and make it where `apply` says so."""

    def edit(registry: Registry) -> Registry:
        return apply_change(registry, body.change)

    reason = body.reason or "changed through the control API"
    return _run(desk, edit, apply=body.apply, reason=reason, base=body.base, correct_prices=body.correct_prices)


@routes.post("/registry/rollback")
def roll_back(desk: Desk, body: RollbackBody) -> dict[str, Any]:
    reason = body.reason or f"back to version {body.version}"
    edit = desk.editor.back_to(body.version)
    return _run(desk, edit, apply=body.apply, reason=reason, base=None, correct_prices=True)


@routes.post("/registry/preview")
def preview_change(desk: Desk, body: PreviewBody) -> dict[str, Any]:
    """Which stored decisions a change would change, for what money and quality. Calls nobody."""
    plan = desk.editor.plan(
        lambda registry: apply_change(registry, body.change), may_correct_prices=body.correct_prices
    )
    day = body.on or desk.editor.now().date()
    return preview_document(PreviewEdit(desk.trail).preview(plan, most=body.last, on=day))


@routes.post("/registry/adopt")
def adopt_direct_edits(desk: Desk) -> dict[str, Any]:
    """Judge rows that were edited directly in the table, now."""
    return adoption_document(desk.adopter.adopt())


def _run(
    desk: RegistryDesk, edit: Edit, *, apply: bool, reason: str, base: int | None, correct_prices: bool
) -> dict[str, Any]:
    if not apply:
        return plan_document(desk.editor.plan(edit, base=base, may_correct_prices=correct_prices), written=None)
    plan, number = desk.editor.apply(
        edit, author=desk.author, reason=reason, base=base, may_correct_prices=correct_prices
    )
    return plan_document(plan, written=number)
