"""Fits the abilities of a whole registry anew and says what that changes, before anything is written."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from pointsman.application.fit_abilities import ability_of_card
from pointsman.application.ports import RegistryStore
from pointsman.domain.ability import AbilityItems, usable_answers, usable_evidence
from pointsman.domain.errors import RegistryError
from pointsman.domain.feedback import Graded, with_feedback
from pointsman.domain.model_card import Ability, ModelCard
from pointsman.domain.registry import Registry


@dataclass(frozen=True, slots=True)
class AbilityChange:
    """One model's ability before and after; `scores` and `answers` count the evidence that had an item."""

    card: ModelCard
    after: Ability
    scores: int
    answers: int

    @property
    def before(self) -> Ability | None:
        return self.card.ability

    @property
    def is_change(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class CalibrateRegistry:
    items: AbilityItems

    def plan(self, registry: Registry) -> list[AbilityChange]:
        """A row for every model, changed or not. RegistryError for graded answers of another shape."""
        return [self._change(card) for card in registry.cards]

    def with_feedback(self, registry: Registry, graded: Sequence[Graded], *, as_of: date) -> Registry:
        """The registry with callers' grades as evidence on its cards; abilities follow only by `plan` and `apply`."""
        sha256 = self.items.meta_model_sha256
        cards = (with_feedback(card, graded, meta_model_sha256=sha256, as_of=as_of) for card in registry.cards)
        return replace(registry, cards=tuple(cards))

    def apply(self, store: RegistryStore, registry: Registry) -> int | None:
        """Write what `plan` says of the registry just read; the version made, None where nothing changes."""
        changes = self.plan(registry)
        if not any(change.is_change for change in changes):
            return None
        cards = tuple(replace(change.card, ability=change.after) for change in changes)
        return store.write(replace(registry, cards=cards))

    def _change(self, card: ModelCard) -> AbilityChange:
        scores = usable_evidence(card.evidence, self.items.items)
        answers = usable_answers(card.gradings, self.items.meta_model_sha256)
        return AbilityChange(card, ability_of_card(card, self.items), len(scores), len(answers))


def read_whole(store: RegistryStore) -> Registry:
    """RegistryError where there is none yet."""
    registry = store.read()
    if registry is None:
        raise RegistryError("The registry is empty: run `pointsman registry seed`.")
    return registry
