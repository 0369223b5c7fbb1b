"""A key's own limits hold whatever its holder asks, and what it does not allow is refused by name."""

import pytest
from pointsman.domain.errors import OutOfScopeError
from pointsman.domain.preferences import Caller, Preferences
from pointsman.domain.scope import require_operator, within_scope


def test_a_key_without_limits_changes_nothing() -> None:
    wanted = Preferences(objective="quality", zero_retention=True)
    assert within_scope(wanted, Caller("k")) == wanted
    assert within_scope(Preferences(), Caller("k")).objective is None


def test_a_key_s_data_policy_holds_and_is_never_loosened() -> None:
    strict = within_scope(Preferences(), Caller("k", zero_retention=True, no_training=True))
    assert (strict.zero_retention, strict.no_training) == (True, True)
    kept = within_scope(Preferences(zero_retention=True, no_training=True), Caller("k"))
    assert (kept.zero_retention, kept.no_training) == (True, True)


def test_the_first_objective_of_a_key_is_its_default_and_others_are_refused() -> None:
    caller = Caller("k", objectives=("cost", "latency"))
    assert within_scope(Preferences(), caller).objective == "cost"
    assert within_scope(Preferences(objective="latency"), caller).objective == "latency"
    with pytest.raises(OutOfScopeError, match="only: cost, latency") as refused:
        within_scope(Preferences(objective="quality"), caller)
    assert refused.value.field == "routing.objective"


def test_an_application_s_key_opens_nothing_of_an_operator() -> None:
    require_operator(Caller("k", role="operator"))
    with pytest.raises(OutOfScopeError):
        require_operator(Caller("k"))
