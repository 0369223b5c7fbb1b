"""Stored decisions come out the same again, and show what an edit or another policy would have done."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pointsman.adapters.frontier_picture import draw_frontier
from pointsman.application.edit_registry import Plan
from pointsman.application.preview_edit import Preview, PreviewEdit
from pointsman.application.replay_decisions import ReplayDecisions
from pointsman.application.simulate_policy import SimulatePolicy
from pointsman.domain.cost import find_price
from pointsman.domain.documents.situation import decode_situation, encode_situation
from pointsman.domain.documents.typed import decode_typed, encode_typed
from pointsman.domain.preview import Outcome, summarise
from pointsman.domain.registry import Registry

from bench.decisions import KeptDocuments, decide_many, differing_registries, packed_registry
from bench.replay import through_text

COUNT = 60
TODAY = date(2026, 11, 27)


@pytest.fixture(scope="module")
def registries() -> list[Registry]:
    return list(differing_registries(2))


@pytest.fixture(scope="module")
def kept(registries: list[Registry]) -> KeptDocuments:
    return through_text(decide_many(COUNT, registries))


@pytest.fixture(scope="module")
def recent() -> KeptDocuments:
    """Decisions of one version of the registry alone."""
    return through_text(decide_many(COUNT, [packed_registry(1)]))


def chosen_counts(kept: KeptDocuments) -> Counter[str]:
    return Counter(document["ledger"]["chosen"] for document in kept.newest(COUNT))


def preview(kept: KeptDocuments, before: Registry, after: Registry) -> Preview:
    return PreviewEdit(kept).preview(Plan(before, after, ()), most=COUNT, on=TODAY)


def without(registry: Registry, model: str) -> Registry:
    return replace(registry, cards=tuple(replace(card, enabled=card.id != model) for card in registry.cards))


def test_every_stored_decision_comes_out_the_same(kept: KeptDocuments, registries: list[Registry]) -> None:
    replay = ReplayDecisions(kept, {registry.version: registry for registry in registries}.get).replay(COUNT)
    assert (replay.equal, replay.total, replay.different) == (COUNT, COUNT, {})
    assert len(chosen_counts(kept)) > 5


def test_what_was_altered_or_made_elsewhere_is_told(kept: KeptDocuments, registries: list[Registry]) -> None:
    altered = json.loads(json.dumps(kept.newest(10)))
    altered[4]["ledger"]["candidates"][0]["quality"] = 2
    replay = ReplayDecisions(KeptDocuments(altered), {1: registries[0]}.get).replay(10)
    assert (replay.unknown, replay.total) == ({2: 5}, 10)
    assert replay.different == {altered[4]["id"]: ("candidates",)}


def test_a_situation_comes_back_equal(kept: KeptDocuments, registries: list[Registry]) -> None:
    for document in kept.newest(20):
        situation = decode_situation(document["situation"], registries[0])
        again = decode_situation(json.loads(json.dumps(encode_situation(situation))), registries[0])
        assert again == situation
        assert decode_typed(type(situation.features), encode_typed(situation.features)) == situation.features


def test_an_edit_without_effect_changes_no_decision(recent: KeptDocuments) -> None:
    registry = packed_registry(1)
    overall = preview(recent, registry, registry).overall
    assert (overall.decisions, overall.changed, overall.moves) == (COUNT, 0, {})
    assert overall.usd_before == overall.usd_after
    assert (overall.quality_gain.low, overall.quality_gain.high) == (0, 0)


def test_all_decisions_leave_a_model_that_is_switched_off(recent: KeptDocuments) -> None:
    (favourite, times), *_ = chosen_counts(recent).most_common(1)
    registry = packed_registry(1)
    shown = preview(recent, registry, without(registry, favourite))
    left = [count for (was, _), count in shown.overall.moves.items() if was.startswith(f"{favourite}@")]
    # Others may move too: a floor that hangs on the best survivor falls with it.
    assert sum(left) == times <= shown.overall.changed
    assert not any(now.startswith(f"{favourite}@") for _, now in shown.overall.moves)
    assert sum(summary.decisions for summary in shown.by_task.values()) == COUNT
    assert sum(summary.usd_after for summary in shown.by_key.values()) == shown.overall.usd_after
    assert shown.overall.quality_gain.low < shown.overall.quality_gain.mean < shown.overall.quality_gain.high


def test_requests_left_without_a_model_are_counted(recent: KeptDocuments) -> None:
    registry = packed_registry(1)
    nothing = replace(registry, cards=tuple(replace(card, enabled=False) for card in registry.cards))
    overall = preview(recent, registry, nothing).overall
    assert (overall.unserved, overall.changed, overall.usd_after) == (COUNT, COUNT, 0)


def test_money_is_that_of_the_tokens_that_were_really_used(recent: KeptDocuments) -> None:
    registry = packed_registry(1)
    document = recent.newest(1)[0]
    name = document["ledger"]["chosen"]
    served: dict[str, Any] = {"served": name, "tokens": {"input": 1_000, "output": 0}}
    answered: Mapping[str, Any] = {**document, "ledger": {**document["ledger"], **served}}
    card = registry.card(name)
    assert card is not None
    overall = preview(KeptDocuments([answered]), registry, registry).overall
    assert overall.usd_before == find_price(card, on=TODAY).usd_per_mtok["input"] / 1000


def test_a_summary_of_nothing_says_nothing() -> None:
    empty = summarise(list[Outcome]())
    assert (empty.decisions, empty.changed, empty.usd_after, empty.quality_gain.mean) == (0, 0, 0, 0)


def test_more_willingness_buys_more_quality_and_today_is_among_the_points(
    recent: KeptDocuments, tmp_path: Path
) -> None:
    """Where waiting costs something, more willingness may also buy a model that is better, cheaper and slower."""
    packed = packed_registry(1)
    registry = replace(packed, policy=replace(packed.policy, time_value_usd_per_s=Decimal(0)))
    pools = {"openai/*": ("openai/*",), "nobody/*": ("nobody/*",)}
    points = SimulatePolicy(recent).simulate(registry, most=COUNT, on=TODAY, pools=pools)
    swept = [point for point in points if point.setting.swept == "willingness_to_pay"]
    qualities, costs = [point.quality for point in swept], [point.usd_each for point in swept]
    assert qualities == sorted(qualities)
    assert costs == sorted(costs)
    today, *_ = points
    assert (today.setting.swept, today.served) == ("today", COUNT)
    assert any(point.on_frontier for point in swept)
    by_label = {point.setting.label: point for point in points}
    assert by_label["nobody/*"].served == 0
    assert not by_label["nobody/*"].on_frontier
    pytest.importorskip("matplotlib")
    picture = tmp_path / "frontier.png"
    draw_frontier(points, picture)
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_money_is_exact() -> None:
    assert decode_typed(
        type(packed_registry(1).policy),
        {"safe_default": "a", "reference_model": "b"} | {"willingness_to_pay_usd": "0.10"},
    ).willingness_to_pay_usd == Decimal("0.10")
