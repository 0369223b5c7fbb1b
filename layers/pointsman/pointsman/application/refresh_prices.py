"""Takes over what a price list says of the registry's models; a jump waits for an operator's word."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from pointsman.application.edit_registry import Edit, EditRegistry
from pointsman.application.ports import HeldPrices, PriceSource
from pointsman.domain.errors import NotFoundError, PriceListError
from pointsman.domain.price_refresh import LARGEST_CHANGE, PriceList, Proposal, change_of, listed_as, refresh_card
from pointsman.domain.registry import Registry

AUTHOR: Final = "prices"


@dataclass(frozen=True, slots=True)
class Refreshed:
    """`known` models are in the price list; the prices of those `changed` are in version `version`."""

    known: int
    changed: tuple[str, ...]
    held: tuple[str, ...]
    version: int


@dataclass(frozen=True, slots=True)
class RefreshPrices:
    source: PriceSource
    editor: EditRegistry
    held: HeldPrices
    now: Callable[[], datetime]

    def refresh(self) -> Refreshed:
        """PriceListError where the list cannot be read or knows none of our models: then everything stays."""
        today, registry = self.now().date(), self.editor.newest()
        prices = self.source.read(today)
        known = sum(listed_as(card) in prices.quotes for card in registry.cards)
        if not known:
            raise PriceListError("The price list knows none of the registry's models.")
        proposals = list(_propose(registry, prices, today))
        calm = [proposal for proposal in proposals if proposal.change <= LARGEST_CHANGE]
        jumps = [proposal for proposal in proposals if proposal.change > LARGEST_CHANGE]
        self._hold(jumps)
        version = self._write(calm, prices.source, today) if calm else registry.version
        return Refreshed(known, _models(calm), _models(jumps), version)

    def _write(self, proposals: Sequence[Proposal], source: str, today: date) -> int:
        reason = f"{source}: {', '.join(_models(proposals))}"
        return self.editor.apply(taking_over(proposals, today=today), author=AUTHOR, reason=reason)[1]

    def _hold(self, jumps: Sequence[Proposal]) -> None:
        """Keep what jumps, with the day it was seen first; let go what does so no longer."""
        before = {proposal.model: proposal for proposal in self.held.all()}
        for model in before.keys() - set(_models(jumps)):
            self.held.release(model)
        for jump in jumps:
            was = before.get(jump.model)
            self.held.hold(replace(jump, seen=was.seen) if was and was.quote == jump.quote else jump)


def find_held(held: HeldPrices, model: str) -> Proposal:
    """NotFoundError where none is held of this model."""
    for proposal in held.all():
        if proposal.model == model:
            return proposal
    raise NotFoundError(f"No price of '{model}' is held.")


def taking_over(proposals: Sequence[Proposal], *, today: date) -> Edit:
    """The edit that makes proposals prices."""
    by_model = {proposal.model: proposal for proposal in proposals}

    def edit(registry: Registry) -> Registry:
        cards = (
            refresh_card(card, found.quote, today=today, source=found.source)
            if (found := by_model.get(card.id))
            else card
            for card in registry.cards
        )
        return replace(registry, cards=tuple(cards))

    return edit


def _propose(registry: Registry, prices: PriceList, today: date) -> Iterator[Proposal]:
    for card in registry.cards:
        name = listed_as(card)
        quote = prices.quotes.get(name) if name else None
        if quote is not None:
            after = refresh_card(card, quote, today=today, source=prices.source)
            if after != card:
                yield Proposal(card.id, quote, change_of(card, after, today=today), prices.source, today)


def _models(proposals: Sequence[Proposal]) -> tuple[str, ...]:
    return tuple(proposal.model for proposal in proposals)
