"""The registry's store and its rows, in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pointsman.application.ports import HandEdit, HandEdits
from pointsman.domain.documents.registry import encode_card, encode_policy
from pointsman.domain.documents.registry_diff import diff_registries
from pointsman.domain.errors import RegistryConflictError
from pointsman.domain.price_refresh import Proposal
from pointsman.domain.registry import Change, Registry, Version

Documents = dict[str, Mapping[str, Any]]


@dataclass(slots=True)
class InMemoryHeldPrices:
    """Implements HeldPrices."""

    proposals: dict[str, Proposal] = field(default_factory=dict[str, Proposal])

    def all(self) -> Sequence[Proposal]:
        return list(self.proposals.values())

    def hold(self, proposal: Proposal) -> None:
        self.proposals[proposal.model] = proposal

    def release(self, model: str) -> None:
        self.proposals.pop(model, None)


@dataclass(slots=True)
class InMemoryRegistryVersions:
    """Implements RegistryVersions and RegistryRows. Edit `rows` as people do."""

    versions: list[Registry] = field(default_factory=list[Registry])
    told: list[Version] = field(default_factory=list[Version])
    rows: Documents = field(default_factory=Documents)
    rejected: dict[str, tuple[HandEdit, str]] = field(default_factory=dict[str, tuple[HandEdit, str]])

    def read(self, number: int | None = None) -> Registry | None:
        wanted = len(self.versions) if number is None else number
        return self.versions[wanted - 1] if 0 < wanted <= len(self.versions) else None

    def history(self, most: int) -> Sequence[Version]:
        return self.told[::-1][:most]

    def commit(self, registry: Registry, change: Change, *, adopting: Sequence[HandEdit] = ()) -> int:
        before = self.read()
        newest = before.version if before else 0
        documents = _documents(registry)
        names = tuple(
            sorted({difference.item for difference in diff_registries(before, registry)} if before else documents)
        )
        unknown = {edit.item for edit in self.hand_edits().edits if edit not in adopting}
        if registry.version != newest or unknown & set(names):
            raise RegistryConflictError("Somebody else edited the registry.")
        in_order = tuple(sorted(registry.cards, key=lambda card: card.id))
        self.versions.append(replace(registry, version=newest + 1, cards=in_order))
        self.told.append(Version(newest + 1, change, names[:20], len(names)))
        for name in names:
            self.rows.pop(name, None)
            self.rows |= {name: documents[name]} if name in documents else {}
        return newest + 1

    def hand_edits(self) -> HandEdits:
        newest = self.read()
        shown = _documents(newest) if newest else {}
        names = [*self.rows, *(name for name in shown if name not in self.rows)]
        edits = [HandEdit(name, self.rows.get(name)) for name in names if self.rows.get(name) != shown.get(name)]
        judged = [edit for edit, _ in self.rejected.values()]
        return HandEdits(newest.version if newest else 0, tuple(edit for edit in edits if edit not in judged))

    def reject(self, edit: HandEdit, reason: str) -> None:
        newest = self.read()
        if edit.document is None and newest is not None:
            self.rows[edit.item] = _documents(newest)[edit.item]
        else:
            self.rejected[edit.item] = edit, reason


def _documents(registry: Registry) -> Documents:
    return {"policy": encode_policy(registry.policy), **{card.id: encode_card(card) for card in registry.cards}}
