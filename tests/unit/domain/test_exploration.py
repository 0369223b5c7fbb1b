"""A model on trial gets its share of requests and no more, the same ones each time, and the ledger says so."""

import json
from dataclasses import replace
from typing import Any

import pytest
from pointsman.domain.candidate import Situation
from pointsman.domain.decision import decide
from pointsman.domain.documents.ledger import decision_document
from pointsman.domain.documents.situation import decode_situation, encode_situation
from pointsman.domain.errors import RegistryError
from pointsman.domain.preferences import Caller, Preferences
from pointsman.domain.registry_rules import check_registry

from tests.fakes import READING, make_card, make_features, make_registry, make_situation

KNOWN = make_card("known", ability=3000)
NEW = make_card("new", ability=0, sd=3000, exploration_milli=100)
REQUESTS = 2_000


def situation(lot: str, preferences: Preferences | None = None, **changes: Any) -> Situation:
    return make_situation([KNOWN, NEW], preferences, lot=lot, **changes)


def explored(**changes: Any) -> int:
    """Requests that the model on trial got because it is; all others went where they would have gone."""
    decisions = [decide(situation(f"gen-{number}", **changes)) for number in range(REQUESTS)]
    for decision in decisions:
        wanted = "acme/new" if decision.reason == "explored" else "acme/known"
        assert decision.chosen.candidate.id == wanted
    return sum(decision.reason == "explored" for decision in decisions)


def test_a_model_on_trial_gets_its_share_and_no_more() -> None:
    # Of 2,000 draws at a tenth, all but one in 10,000 times lie within four deviations.
    assert abs(explored() - REQUESTS // 10) < 4 * (REQUESTS * 0.1 * 0.9) ** 0.5


def test_which_requests_it_gets_is_said_by_their_lot_alone_and_replays_to_the_bit() -> None:
    lot = next(f"gen-{n}" for n in range(100) if decide(situation(f"gen-{n}")).reason == "explored")
    before = situation(lot)
    told = decision_document(decide(before))
    assert (told["chosen"], told["reason"], told["confidence"]) == ("acme/new", "explored", "low")
    assert "on trial" in told["candidates"][0]["why"]
    assert told["candidates"][1]["model"] == "acme/known"
    stored = json.loads(json.dumps(encode_situation(before)))
    assert decision_document(decide(decode_situation(stored, before.registry))) == told


@pytest.mark.parametrize(
    "changes",
    [
        {"preferences": Preferences(models=("acme/known", "acme/new"), is_auto=False)},
        {"preferences": Preferences(excluded_models=("acme/new",))},
        {"preferences": Preferences(min_quality_milli=600)},
        {"caller": Caller("me", allowed_models=("acme/known",))},
        {"features": make_features(reading=replace(READING, ood_milli=990))},
    ],
)
def test_no_request_that_it_may_not_serve_is_given_to_it(changes: dict[str, Any]) -> None:
    assert explored(**changes) == 0


def test_models_on_trial_together_get_a_quarter_at_most() -> None:
    cards = [KNOWN, *(make_card(f"new{number}", exploration_milli=90) for number in range(3))]
    with pytest.raises(RegistryError, match="exploration_milli") as raised:
        check_registry(make_registry(cards))
    assert (raised.value.item, raised.value.path) == ("acme/new2", "exploration_milli")
    check_registry(make_registry(cards[:3]))
