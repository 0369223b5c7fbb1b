"""The candidates of a registry, lined up once for many requests."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from pointsman.domain.candidate import Candidate, Situation
from pointsman.domain.cost import prices_of, spell_out
from pointsman.domain.latency import tempo_of
from pointsman.domain.model_card import ModelCard
from pointsman.domain.quality import skill_of


@dataclass(frozen=True, slots=True, eq=False)
class Lineup:
    """Every model at every endpoint, in the registry's order. Told apart by which object it is.

    `shared` are the models that only a share of the requests for `auto` may get.
    """

    candidates: tuple[Candidate, ...]
    shared: tuple[ModelCard, ...]


def line_up(situation: Situation) -> Lineup:
    features, wanted = situation.features, situation.preferences
    has_wish = "reasoning_effort" in features.requested_parameters
    return _line_up(
        _Same(situation.registry.cards),
        situation.today,
        wanted.service_tier,
        wanted.reasoning_effort,
        gives_up_thinking=not has_wish and "tools" in features.required_features,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Same:
    """A registry's cards by which object they are: to compare them takes longer than what is kept by them."""

    cards: tuple[ModelCard, ...]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.cards is self.cards

    def __hash__(self) -> int:
        return id(self.cards)


# Cards never change; few days, tiers and efforts are asked for at a time.
@lru_cache(maxsize=16)
def _line_up(same: _Same, day: date, service_tier: str, effort: str | None, *, gives_up_thinking: bool) -> Lineup:
    """The effort is the caller's wish. A model that takes tools only without thinking does without it for them."""

    def effort_of(card: ModelCard) -> str | None:
        return "none" if gives_up_thinking and "tools_without_reasoning" in card.features else effort

    skills = {card.ability: skill_of(card.ability) for card in same.cards if card.ability}
    candidates = tuple(
        Candidate(
            card=card,
            endpoint=endpoint,
            service_tier=service_tier,
            reasoning_effort=effort_of(card),
            key=f"{card.id}@{endpoint.provider}",
            prices=tuple(map(spell_out, prices_of(card, on=day, service_tier=service_tier))),
            tempo=tempo_of(card.speed),
            skill=skills[card.ability] if card.ability else None,
        )
        for card in same.cards
        for endpoint in card.endpoints
    )
    return Lineup(candidates, tuple(card for card in same.cards if 0 < card.weight_milli < 1000))
