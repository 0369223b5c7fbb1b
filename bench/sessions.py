"""Conversations of 18 turns under three rules: never switch, always route anew, and ours: `python -m bench.sessions`.

What a provider's cache holds is followed for every model, whichever rule is at work; nothing is called.
"""

import argparse
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from pointsman.domain.candidate import Candidate, Prediction, Situation
from pointsman.domain.cost import cost_of_usage
from pointsman.domain.decision import decide
from pointsman.domain.features import Reading, RequestFeatures
from pointsman.domain.preferences import Caller, Preferences
from pointsman.domain.registry import Registry
from pointsman.domain.reply import Usage
from pointsman.domain.session import LEAST_CACHED_TOKENS, Session

from bench.decisions import LABELS, NOW, packed_registry

TURNS: Final = 18
SECONDS_BETWEEN: Final = 40


@dataclass(frozen=True, slots=True)
class Turn:
    """The whole prompt so far, and what the answer adds."""

    reading: Reading
    prompt_tokens: int
    output_tokens: int


@dataclass(slots=True)
class Tally:
    input_tokens: int = 0
    cached_tokens: int = 0
    usd: Decimal = Decimal(0)
    quality_milli: int = 0
    switches: int = 0
    turns: int = 0
    # Candidate's key -> tokens of this conversation in its cache, and the turn of the last call.
    held: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])

    def add(self, place: int, turn: Turn, prediction: Prediction) -> None:
        """Account for one answer as its provider would: the tokens that it holds are read from the cache."""
        candidate = prediction.candidate
        held, at = self.held.get(candidate.key, (0, place))
        is_warm = (place - at) * SECONDS_BETWEEN < 300 and held >= LEAST_CACHED_TOKENS
        cached = held if is_warm and "prompt_caching" in candidate.card.features else 0
        usage = Usage(
            {"input": turn.prompt_tokens - cached, "cache_read": cached, "output": prediction.output_tokens_p50}
        )
        self.usd += cost_of_usage(candidate.card, usage, on=NOW.date()).total_usd
        self.input_tokens, self.cached_tokens = self.input_tokens + turn.prompt_tokens, self.cached_tokens + cached
        self.quality_milli, self.turns = self.quality_milli + prediction.quality.mean_milli, self.turns + 1
        self.held[candidate.key] = turn.prompt_tokens, place


# The last answer's candidate and prompt, and the situation without a session -> what serves this turn.
Rule = Callable[[Candidate | None, Turn | None, Situation], Prediction]


def never_switch(last: Candidate | None, _turn: Turn | None, situation: Situation) -> Prediction:
    if last is None:
        return decide(situation).chosen
    preferences = replace(situation.preferences, models=(last.id,), is_auto=False)
    return decide(replace(situation, preferences=preferences)).chosen


def always_route_anew(_last: Candidate | None, _turn: Turn | None, situation: Situation) -> Prediction:
    return decide(situation).chosen


def with_session(last: Candidate | None, turn: Turn | None, situation: Situation) -> Prediction:
    session = None if last is None or turn is None else Session(last.key, turn.prompt_tokens, SECONDS_BETWEEN)
    return decide(replace(situation, session=session)).chosen


RULES: Final[Mapping[str, Rule]] = {
    "never switch": never_switch,
    "always route anew": always_route_anew,
    "with session": with_session,
}


def draw_conversation(registry: Registry, draw: random.Random) -> list[Turn]:
    """One topic whose turns are now easy, now hard; the prompt grows by what was said."""
    dimensions = next(len(card.ability.mean_milli) for card in registry.cards if card.ability)
    topic = [draw.randint(200, 1200) for _ in range(dimensions)]
    hardness, prompt = draw.gauss(-300, 700), draw.choice((1_500, 4_000, 12_000))
    turns = list[Turn]()
    for _ in range(TURNS):
        prompt += draw.randint(40, 400)
        length = draw.choice((4600, 5500, 6300))
        reading = Reading(
            task_milli=(1000, 0, 0, 0),
            discrimination_milli=tuple(max(1, round(weight * draw.uniform(0.8, 1.2))) for weight in topic),
            difficulty_milli=round(hardness + draw.gauss(0, 900)),
            log_length_milli=(length - 900, length, length + 800),
            ood_milli=100,
        )
        output = draw.randint(80, 700)
        turns.append(Turn(reading, prompt, output))
        prompt += output
    return turns


def hold_conversation(rule: Rule, turns: Sequence[Turn], registry: Registry, willingness_usd: Decimal) -> Tally:
    tally, last, before = Tally(), None, None
    for place, turn in enumerate(turns):
        prediction = rule(last, before, _situation(turn, registry, willingness_usd))
        tally.switches += last is not None and prediction.candidate.key != last.key
        tally.add(place, turn, prediction)
        last, before = prediction.candidate, turn
    return tally


def compare(conversations: int, willingness_usd: Decimal) -> dict[str, Tally]:
    registry, draw, sums = packed_registry(1), random.Random(18), {name: Tally() for name in RULES}
    for _ in range(conversations):
        turns = draw_conversation(registry, draw)
        for name, rule in RULES.items():
            _add(sums[name], hold_conversation(rule, turns, registry, willingness_usd))
    return sums


def _add(total: Tally, part: Tally) -> None:
    total.input_tokens, total.cached_tokens = (
        total.input_tokens + part.input_tokens,
        total.cached_tokens + part.cached_tokens,
    )
    total.usd, total.quality_milli = total.usd + part.usd, total.quality_milli + part.quality_milli
    total.switches, total.turns = total.switches + part.switches, total.turns + part.turns


def _situation(turn: Turn, registry: Registry, willingness_usd: Decimal) -> Situation:
    sha256 = next(card.ability.meta_model_sha256 for card in registry.cards if card.ability)
    features = RequestFeatures(
        reading=turn.reading,
        task_labels=LABELS,
        meta_model_sha256=sha256,
        prompt_tokens=turn.prompt_tokens,
        media_tokens=0,
        input_modalities=frozenset({"text"}),
        output_modalities=frozenset({"text"}),
        required_features=frozenset(),
        required_parameters=frozenset(),
        requested_parameters=frozenset(),
    )
    accounts = frozenset(endpoint.provider for card in registry.cards for endpoint in card.endpoints)
    preferences = Preferences(willingness_to_pay_usd=willingness_usd)
    return Situation(features, preferences, Caller("bench"), registry, {}, NOW.date(), accounts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=40)
    count: int = parser.parse_args().conversations
    print(f"{count} conversations of {TURNS} turns")
    for willingness_usd in (Decimal("0.005"), Decimal("0.05"), Decimal("0.5")):
        for name, tally in compare(count, willingness_usd).items():
            print(
                f"{willingness_usd!s:>6} USD  {name:<18} cached {tally.cached_tokens / tally.input_tokens:6.1%}  "
                f"{tally.usd * 1000 / tally.turns:8.3f} USD per 1,000 turns  "
                f"quality {tally.quality_milli / 1000 / tally.turns:.3f}  "
                f"worth less cost {_worth(tally, willingness_usd):8.3f}  switches {tally.switches / count:.1f}"
            )


def _worth(tally: Tally, willingness_usd: Decimal) -> Decimal:
    return (willingness_usd * tally.quality_milli / 1000 - tally.usd) * 1000 / tally.turns


if __name__ == "__main__":
    main()
