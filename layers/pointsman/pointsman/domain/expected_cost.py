"""What calls of a foreseen size will cost, exactly, before anybody has answered."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from pointsman.domain.candidate import Candidate, Situation
from pointsman.domain.cost import charge, no_price_for, pick_price
from pointsman.domain.expected_usage import cached_tokens, expected_prompt, output_class, units_expected
from pointsman.domain.features import RequestFeatures
from pointsman.domain.model_card import ModelCard, Price
from pointsman.domain.reply import PricedUnit, TokenClass

# Output tokens at the median and at the 90th percentile.
Lengths = tuple[int, int]
# US dollars at those lengths.
UsdRange = tuple[Decimal, Decimal]
NOTHING: Final = Decimal(0)


class Expected(NamedTuple):
    """What goes in by class, of what class the answer is, and what is not sold by the token."""

    prompt: tuple[tuple[TokenClass, int], ...]
    output: TokenClass
    units: Mapping[PricedUnit, Decimal]


def expected_costs(
    candidates: Sequence[Candidate], lengths: Sequence[Lengths], situation: Situation
) -> Sequence[UsdRange]:
    """Leaving the session's model costs what its cache would have saved.

    RegistryError where a card cannot price the call.
    """
    features, cold = situation.features, _expect(situation.features)

    def cost(candidate: Candidate, length: Lengths) -> UsdRange:
        price = pick_price(candidate.prices, features.prompt_tokens)
        assert price is not None, "the funnel lets nobody pass who is not sold"
        cached = cached_tokens(candidate, situation) if situation.session else 0
        expected = _expect(features, cached) if cached else cold
        usd_of = _usd_of_tokens_and_units if price.usd_per_unit else _usd_of_tokens
        return usd_of(candidate.card, price, expected, length)

    return list(map(cost, candidates, lengths))


def _expect(features: RequestFeatures, cached: int = 0) -> Expected:
    prompt = expected_prompt(features, cached_tokens=cached)
    return Expected(tuple(prompt.items()), output_class(features.kind), units_expected(features))


def _usd_of_tokens_and_units(card: ModelCard, price: Price, expected: Expected, length: Lengths) -> UsdRange:
    usual, long = length
    tokens: dict[TokenClass, int] = {**dict(expected.prompt), expected.output: usual}
    usd = sum(charge(card, price, tokens, expected.units).values(), NOTHING)
    if long == usual or not price.usd_per_mtok:
        return usd, usd
    return usd, usd + price.usd_per_mtok[expected.output] * (long - usual) / 1_000_000


def _usd_of_tokens(card: ModelCard, price: Price, expected: Expected, length: Lengths) -> UsdRange:
    """Of a row that sells by the token alone, as most do. It need not be told what for, which takes longer."""
    (usual, long), usd_per_mtok, micro_usd = length, price.usd_per_mtok, NOTHING
    try:
        for kind, count in expected.prompt:
            if count:
                micro_usd += usd_per_mtok[kind] * count
        if usual:
            micro_usd += usd_per_mtok[expected.output] * usual
    except KeyError as missing:
        raise no_price_for(missing.args[0], card, price) from None
    usd = micro_usd / 1_000_000
    return (usd, usd) if long == usual else (usd, usd + usd_per_mtok[expected.output] * (long - usual) / 1_000_000)
