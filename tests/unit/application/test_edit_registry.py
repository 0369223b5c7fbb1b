"""An edit is tried, checked, and repeated on what others wrote meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pointsman.application.edit_registry import Edit, EditRegistry
from pointsman.application.ports import HandEdit
from pointsman.domain.documents.registry_change import apply_change
from pointsman.domain.errors import NotFoundError, RegistryConflictError, RegistryError
from pointsman.domain.model_card import ModelCard
from pointsman.domain.registry import Change, Registry

from tests.fakes import make_card, make_registry
from tests.registry_fakes import InMemoryRegistryVersions

NOW = datetime(2026, 11, 22, tzinfo=UTC)
WHO: dict[str, Any] = {"author": "ann", "reason": "test"}


@dataclass(slots=True)
class BusyStore(InMemoryRegistryVersions):
    """Others commit just before us, as often as told."""

    overtakes: int = 0
    by: Edit = field(default=lambda registry: registry)

    def commit(self, registry: Registry, change: Change, *, adopting: Sequence[HandEdit] = ()) -> int:
        newest = self.read()
        if self.overtakes and newest is not None:
            self.overtakes -= 1
            InMemoryRegistryVersions.commit(self, self.by(newest), Change("bob", NOW, "faster"))
        return InMemoryRegistryVersions.commit(self, registry, change, adopting=adopting)


def make_editor(*, overtakes: int = 0) -> tuple[EditRegistry, BusyStore]:
    store = BusyStore(by=changing("acme/two", notes="bob was here"))
    store.commit(replace(make_registry([make_card("one"), make_card("two")]), version=0), Change("x", NOW, "seed"))
    store.overtakes = overtakes
    return EditRegistry(store, fit=lambda card: card, now=lambda: NOW), store


def changing(name: str, **fields: Any) -> Edit:
    return lambda registry: apply_change(registry, {"models": [{"id": name, **fields}]})


def test_a_plan_shows_what_an_edit_would_do_and_writes_nothing() -> None:
    editor, store = make_editor()
    plan = editor.plan(changing("acme/two", enabled=False))
    assert [(each.path, each.after) for each in plan.differences] == [("enabled", False)]
    assert len(store.told) == 1


def test_an_edit_is_repeated_on_what_others_wrote() -> None:
    editor, store = make_editor(overtakes=2)
    _, number = editor.apply(changing("acme/two", enabled=False), **WHO)
    newest = editor.newest()
    assert (number, newest.version) == (4, 4)
    assert (newest.cards[1].enabled, newest.cards[1].notes) == (False, "bob was here")
    assert store.history(1)[0].change == Change("ann", NOW, "test")


def test_an_edit_on_a_certain_version_is_not_repeated() -> None:
    editor, _ = make_editor(overtakes=1)
    with pytest.raises(RegistryConflictError):
        editor.apply(changing("acme/two", enabled=False), base=1, **WHO)
    with pytest.raises(RegistryConflictError, match="at version 2, not 1"):
        editor.plan(changing("acme/two", enabled=False), base=1)


def test_an_edit_gives_up_where_others_never_rest() -> None:
    editor, _ = make_editor(overtakes=99)
    with pytest.raises(RegistryConflictError):
        editor.apply(changing("acme/two", enabled=False), **WHO)


def test_an_edit_that_changes_nothing_makes_no_version() -> None:
    editor, store = make_editor()
    _, number = editor.apply(changing("acme/two", enabled=True), **WHO)
    assert (number, len(store.told)) == (1, 1)


def test_what_could_not_serve_is_not_committed() -> None:
    editor, store = make_editor()
    with pytest.raises(RegistryError, match="safe_default"):
        editor.apply(changing("acme/one", enabled=False), **WHO)
    assert len(store.told) == 1


def test_prices_are_corrected_only_explicitly() -> None:
    editor, _ = make_editor()
    cheaper = changing(
        "acme/two", prices=[{"from": "2026-01-01", "usd_per_mtok": {"input": "0.1", "output": "1"}, "source": "test"}]
    )
    with pytest.raises(RegistryError, match="has begun to hold"):
        editor.apply(cheaper, **WHO)
    _, number = editor.apply(cheaper, may_correct_prices=True, **WHO)
    assert number == 2


def test_going_back_is_a_version_like_all_others() -> None:
    editor, _ = make_editor()
    editor.apply(changing("acme/two", enabled=False), **WHO)
    _, number = editor.apply(editor.back_to(1), **WHO)
    assert number == 3
    assert editor.version(3).cards == editor.version(1).cards
    with pytest.raises(NotFoundError):
        editor.back_to(9)


def test_an_ability_is_fitted_where_the_evidence_changed() -> None:
    editor, _ = make_editor()

    def fit(card: ModelCard) -> ModelCard:
        return replace(card, notes="fitted")

    fitting = replace(editor, fit=fit)
    assert [each.path for each in fitting.plan(changing("acme/two", weight_milli=1)).differences] == ["weight_milli"]
    score = {"benchmark": "b", "kind": "accuracy", "score": 0.5, "as_of": "2026-01-01", "source": "s"}
    plan = fitting.plan(changing("acme/two", evidence=[score]))
    assert [each.path for each in plan.differences] == ["evidence", "notes"]
    with pytest.raises(RegistryError, match="is empty"):
        EditRegistry(InMemoryRegistryVersions(), lambda card: card, lambda: NOW).newest()
