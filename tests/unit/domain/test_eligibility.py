"""What requests on the same terms have in common is found once for them, and never taken for others."""

from dataclasses import replace
from typing import Any

import pytest
from pointsman.domain.candidate import Situation
from pointsman.domain.eligibility import find_eligible
from pointsman.domain.funnel import StepResult
from pointsman.domain.preferences import Caller, Preferences

from tests.fakes import TODAY, make_card, make_features, make_situation

CARDS = (
    make_card("plain"),
    make_card(
        "able",
        input_modalities=frozenset({"text", "image"}),
        output_modalities=frozenset({"text", "audio"}),
        features=frozenset({"tools", "json_schema"}),
        parameters=frozenset({"n"}),
        reasoning_efforts=("max",),
    ),
    make_card("other", kind="speech", retires_on=TODAY.replace(year=TODAY.year + 1)),
    make_card("shared", weight_milli=500, reasoning_efforts=("low",)),
)
SITUATION = make_situation(CARDS, features=make_features(), lot="gen-1")
OTHER_TERMS: dict[str, dict[str, Any]] = {
    "day": {"today": TODAY.replace(year=TODAY.year + 1)},
    "key": {"caller": Caller("me", ("acme/able",))},
    "lists": {"preferences": Preferences(excluded_models=("acme/plain",))},
    "effort": {"preferences": Preferences(reasoning_effort="max")},
    "kind": {"features": make_features(kind="speech")},
    "input": {"features": make_features(input_modalities=frozenset({"text", "image"}))},
    "output": {"features": make_features(output_modalities=frozenset({"text", "audio"}))},
    "tools": {"features": make_features(required_features=frozenset({"json_schema"}))},
    "parameters": {"features": make_features(required_parameters=frozenset({"n"}))},
    "lot": {"lot": "gen-4"},
}


def _funnel(situation: Situation) -> tuple[StepResult, ...]:
    return find_eligible(situation)[1]


@pytest.mark.parametrize("changes", OTHER_TERMS.values(), ids=OTHER_TERMS)
def test_other_terms_leave_others(changes: dict[str, Any]) -> None:
    usual, changed = _funnel(SITUATION), _funnel(replace(SITUATION, **changes))
    afresh = replace(
        SITUATION, registry=replace(SITUATION.registry, cards=tuple(replace(card) for card in CARDS)), **changes
    )
    assert changed == _funnel(afresh) != usual


def test_lengths_and_live_figures_are_looked_at_for_each_request() -> None:
    long = make_features(prompt_tokens=SITUATION.registry.cards[0].context_tokens - 1, max_output_tokens=1)
    roomy = make_situation((*CARDS, make_card("roomy", context_tokens=10_000_000)))
    assert len(find_eligible(roomy)[0]) > len(find_eligible(replace(roomy, features=long))[0]) == 1
