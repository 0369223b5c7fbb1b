"""Takes over what people edited directly in the registry's rows: makes a version of the valid, rejects the broken."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from pointsman.application.ports import HandEdit, HandEdits, RegistryRows, RegistryVersions
from pointsman.domain.documents.registry import decode_card, decode_policy
from pointsman.domain.errors import RegistryConflictError, RegistryError
from pointsman.domain.registry import Change, Registry
from pointsman.domain.registry_rules import check_prices_kept, check_registry

AUTHOR: Final = "direct edit"
POLICY_ITEM: Final = "policy"
TRIES = 5


@dataclass(frozen=True, slots=True)
class Adoption:
    """`version` is None where nothing was adopted; `rejected` maps an item to the reason."""

    version: int | None
    adopted: tuple[str, ...]
    rejected: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AdoptEdits:
    store: RegistryVersions
    rows: RegistryRows
    now: Callable[[], datetime]

    def adopt(self) -> Adoption:
        """Judge every edited row. RegistryConflictError where others edit faster than this can follow."""
        for _ in range(TRIES):
            found, registry = self.rows.hand_edits(), self.store.read()
            if registry is None or not found.edits:
                return Adoption(None, (), {})
            if registry.version == found.base:
                try:
                    return self._judge(registry, found)
                except RegistryConflictError:
                    continue
        raise RegistryConflictError("The registry changes faster than direct edits can be adopted.")

    def _judge(self, registry: Registry, found: HandEdits) -> Adoption:
        good, edited, rejected = list[HandEdit](), registry, dict[str, str]()
        for edit in found.edits:
            try:
                candidate = _apply(edited, edit)
                check_registry(candidate)
                check_prices_kept(registry, candidate, today=self.now().date())
            except RegistryError as error:
                rejected[edit.item] = str(error)
            else:
                good, edited = [*good, edit], candidate
        version = self._commit(edited, good) if good else None
        for edit in found.edits:
            if edit.item in rejected:
                self.rows.reject(edit, rejected[edit.item])
        return Adoption(version, tuple(edit.item for edit in good), rejected)

    def _commit(self, registry: Registry, edits: Sequence[HandEdit]) -> int:
        reason = f"edited directly: {', '.join(edit.item for edit in edits)}"
        return self.store.commit(registry, Change(AUTHOR, self.now(), reason), adopting=edits)


def _apply(registry: Registry, edit: HandEdit) -> Registry:
    if edit.item == POLICY_ITEM:
        if edit.document is None:
            raise RegistryError("policy: cannot be deleted", item=POLICY_ITEM)
        return replace(registry, policy=decode_policy(edit.document))
    others = tuple(card for card in registry.cards if card.id != edit.item)
    if edit.document is None:
        return replace(registry, cards=others)
    card = decode_card(edit.document)
    if card.id != edit.item:
        raise RegistryError(f"{edit.item}: id: must be the row's own, not '{card.id}'", item=edit.item, path="id")
    return replace(registry, cards=(*others, card))
