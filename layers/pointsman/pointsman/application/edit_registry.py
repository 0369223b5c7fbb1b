"""Edits the registry: tries an edit on the newest version, checks the outcome and makes it the next version."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from pointsman.application.ports import RegistryVersions
from pointsman.domain.documents.registry_diff import FieldChange, diff_registries
from pointsman.domain.errors import NotFoundError, RegistryConflictError, RegistryError
from pointsman.domain.model_card import ModelCard
from pointsman.domain.registry import Change, Registry
from pointsman.domain.registry_rules import check_prices_kept, check_registry

Edit = Callable[[Registry], Registry]
# An edit that says what it changes can be repeated on a newer version; so often before it gives up.
TRIES = 5


@dataclass(frozen=True, slots=True)
class Plan:
    """What an edit would do; nothing is written yet."""

    before: Registry
    after: Registry
    differences: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class EditRegistry:
    """`fit` derives a card's ability from its evidence."""

    store: RegistryVersions
    fit: Callable[[ModelCard], ModelCard]
    now: Callable[[], datetime]

    def plan(self, edit: Edit, *, base: int | None = None, may_correct_prices: bool = False) -> Plan:
        """Try the edit on the newest version. RegistryError where the outcome could not serve.

        RegistryConflictError where the newest version is not `base`.
        """
        before = self.newest()
        if base is not None and before.version != base:
            raise RegistryConflictError(f"The registry is at version {before.version}, not {base} any more.")
        after = self._with_abilities(before, edit(before))
        check_registry(after)
        if not may_correct_prices:
            check_prices_kept(before, after, today=self.now().date())
        return Plan(before, after, diff_registries(before, after))

    def apply(
        self, edit: Edit, *, author: str, reason: str, base: int | None = None, may_correct_prices: bool = False
    ) -> tuple[Plan, int]:
        """Make the edit; returns what it did and the version that holds now, the old one where nothing changed.

        Where somebody else was faster, the edit is made on theirs, unless it must be on `base`.
        """
        for is_last in (*[False] * (TRIES - 1), True):
            plan = self.plan(edit, base=base, may_correct_prices=may_correct_prices)
            if not plan.differences:
                return plan, plan.before.version
            try:
                return plan, self.store.commit(plan.after, Change(author, self.now(), reason))
            except RegistryConflictError:
                if is_last or base is not None:
                    raise
        raise AssertionError("the last try returns or raises")

    def newest(self) -> Registry:
        found = self.store.read()
        if found is None:
            raise RegistryError("The registry is empty: run `pointsman registry seed`.")
        return found

    def version(self, number: int) -> Registry:
        """Raises NotFoundError."""
        found = self.store.read(number)
        if found is None:
            raise NotFoundError(f"There is no version {number} of the registry.")
        return found

    def back_to(self, number: int) -> Edit:
        """The edit that makes everything as it was at a version, which stays in the history like all others."""
        wanted = self.version(number)
        return lambda current: replace(wanted, version=current.version)

    def _with_abilities(self, before: Registry, after: Registry) -> Registry:
        known = {card.id: card for card in before.cards}
        return replace(after, cards=tuple(self._fitted(known.get(card.id), card) for card in after.cards))

    def _fitted(self, before: ModelCard | None, card: ModelCard) -> ModelCard:
        is_same = before is not None and (card.evidence, card.gradings, card.model_class) == (
            before.evidence,
            before.gradings,
            before.model_class,
        )
        return card if is_same and card.ability is not None else self.fit(card)
