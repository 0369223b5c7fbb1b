"""Candidates are lined up once for a registry, and never for another."""

from dataclasses import replace
from datetime import date

from pointsman.domain.candidate import enumerate_candidates
from pointsman.domain.preferences import Preferences

from tests.fakes import make_card, make_features, make_situation

SITUATION = make_situation([make_card("one"), make_card("two", features=frozenset({"tools_without_reasoning"}))])


def test_the_same_registry_gives_the_same_candidates() -> None:
    assert enumerate_candidates(SITUATION) is enumerate_candidates(replace(SITUATION, lot="another"))


def test_an_edit_shows_though_the_version_is_the_same() -> None:
    before = enumerate_candidates(SITUATION)
    edited = replace(SITUATION.registry, cards=(make_card("three"),))
    after = enumerate_candidates(replace(SITUATION, registry=edited))
    assert [candidate.id for candidate in (*before, *after)] == ["acme/one", "acme/two", "acme/three"]


def test_day_tier_and_effort_make_others() -> None:
    (first, _), (earlier, _) = (enumerate_candidates(replace(SITUATION, today=day)) for day in (date.max, date.min))
    assert (len(first.prices), len(earlier.prices)) == (1, 0)
    wanted = Preferences(service_tier="flex", reasoning_effort="high")
    (one, _) = enumerate_candidates(replace(SITUATION, preferences=wanted))
    assert (one.service_tier, one.reasoning_effort, one.prices) == ("flex", "high", ())


def test_a_model_that_takes_tools_only_without_thinking_gives_it_up_for_them() -> None:
    features = make_features(required_features=frozenset({"tools"}))
    efforts = [candidate.reasoning_effort for candidate in enumerate_candidates(replace(SITUATION, features=features))]
    assert efforts == [None, "none"]
