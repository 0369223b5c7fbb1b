"""Candidates are lined up once for a registry, and never for another."""

from dataclasses import replace
from datetime import date

from pointsman.domain.lineup import line_up
from pointsman.domain.preferences import Preferences

from tests.fakes import make_card, make_features, make_situation

SITUATION = make_situation([make_card("one"), make_card("two", features=frozenset({"tools_without_reasoning"}))])


def test_the_same_registry_gives_the_same_candidates() -> None:
    assert line_up(SITUATION) is line_up(replace(SITUATION, lot="another"))


def test_an_edit_shows_though_the_version_is_the_same() -> None:
    before = line_up(SITUATION).candidates
    edited = replace(SITUATION.registry, cards=(make_card("three"),))
    after = line_up(replace(SITUATION, registry=edited)).candidates
    assert [candidate.id for candidate in (*before, *after)] == ["acme/one", "acme/two", "acme/three"]


def test_day_tier_and_effort_make_others() -> None:
    (first, _), (earlier, _) = (line_up(replace(SITUATION, today=day)).candidates for day in (date.max, date.min))
    assert (len(first.prices), len(earlier.prices)) == (1, 0)
    wanted = Preferences(service_tier="flex", reasoning_effort="high")
    (one, _) = line_up(replace(SITUATION, preferences=wanted)).candidates
    assert (one.service_tier, one.reasoning_effort, one.prices) == ("flex", "high", ())


def test_a_model_that_takes_tools_only_without_thinking_gives_it_up_for_them() -> None:
    features = make_features(required_features=frozenset({"tools"}))
    efforts = [candidate.reasoning_effort for candidate in line_up(replace(SITUATION, features=features)).candidates]
    assert efforts == [None, "none"]
