"""A model's first day, on an embedded DynamoDB and a simulated provider: card, grades, trial, feedback, traffic."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final, get_args

import pytest
from pointsman.adapters.dynamodb.audit import DynamoDBAuditLog
from pointsman.adapters.dynamodb.audit_trail import DynamoDBAuditTrail
from pointsman.adapters.dynamodb.boto_tables import BotoTables
from pointsman.adapters.dynamodb.registry import DynamoDBModelRegistry
from pointsman.adapters.dynamodb.registry_versions import DynamoDBRegistryVersions
from pointsman.adapters.dynamodb.tables import create_table
from pointsman.application.calibrate_registry import CalibrateRegistry, read_whole
from pointsman.application.edit_registry import EditRegistry
from pointsman.application.fit_abilities import fit_card
from pointsman.application.incoming import Incoming
from pointsman.application.onboard_model import OnboardModel
from pointsman.application.replay_decisions import ReplayDecisions
from pointsman.application.signed_registry import SignedRegistryStore
from pointsman.application.take_feedback import TakeFeedback
from pointsman.bootstrap.router import Router, compose
from pointsman.domain.ability import AbilityItems, AbilityPrior
from pointsman.domain.documents.registry import encode_card
from pointsman.domain.documents.registry_change import apply_change
from pointsman.domain.feedback import read_graded
from pointsman.domain.item_response import Item
from pointsman.domain.ledger import Subject
from pointsman.domain.model_card import ModelClass
from pointsman.domain.onboarding import PoolPrompt
from pointsman.domain.preferences import Caller, Preferences
from pointsman.domain.registry import Change
from pointsman.domain.request import ChatRequest, Message, TextPart

from tests.fakes import SHA, TODAY, make_card, make_registry, make_stage

pytestmark = pytest.mark.system
NOW: Final = datetime(2026, 11, 27, 12, tzinfo=UTC)
ITEMS: Final = AbilityItems(SHA, {}, dict.fromkeys(get_args(ModelClass), AbilityPrior((0.5,), (3.0,))))
POOL: Final = [PoolPrompt(f"p{number}", Item((1.0,), number / 10 - 1)) for number in range(30)]
KNOWN: Final = make_card("known", ability=1500)
NEW: Final = make_card("new", usd="0.5")
GRADED, REQUESTS, REGULAR = 12, 120, 20


class FirstDay:
    """An operator and callers around one router, whose registry and audit are tables."""

    def __init__(self, client: Any) -> None:
        names = {"registry": "new-model-registry", "audit": "new-model-audit"}
        for kind, name in names.items():
            create_table(client, name, kind)
        self.versions = DynamoDBRegistryVersions(client, names["registry"])
        self.versions.commit(replace(make_registry([KNOWN]), version=0), Change("seeder", NOW, "seeded"))
        self.store = SignedRegistryStore(self.versions, "operator", "graded", lambda: NOW)
        self.trail = DynamoDBAuditTrail(client, names["audit"])
        self._editor = EditRegistry(self.versions, lambda card: fit_card(card, ITEMS), lambda: NOW)
        self._client, self._names, self._asked = client, names, 0

    def edit(self, document: Mapping[str, Any]) -> None:
        self._editor.apply(lambda registry: apply_change(registry, document), author="operator", reason="first day")

    def ask(self, count: int, **wishes: Any) -> list[Mapping[str, Any]]:
        """The records of so many requests, as the audit has them."""
        return asyncio.run(self._ask(self._start(), count, Preferences(**wishes)))

    def grade(self, records: list[Mapping[str, Any]], score_milli: int) -> None:
        taking = TakeFeedback(self._start().outside.audit, lambda: NOW)
        for record in records:
            asyncio.run(taking.take("app", record["id"], score_milli=score_milli))

    def _start(self) -> Router:
        """A process that knows no version of the registry yet."""
        outside = replace(
            make_stage([KNOWN, NEW]).router.outside,
            registry=DynamoDBModelRegistry(lambda: self._client, self._names["registry"], on_stale=pytest.fail),
            audit=DynamoDBAuditLog(
                BotoTables(self._client),
                self._names["audit"],
                keep_days=1,
                on_lost=lambda _: pytest.fail("a record was lost"),
            ),
        )
        return compose(outside, timeout_s=5, pepper=lambda: b"pepper")

    async def _ask(self, router: Router, count: int, preferences: Preferences) -> list[Mapping[str, Any]]:
        records: list[Mapping[str, Any]] = []
        for _ in range(count):
            self._asked += 1
            request = ChatRequest(messages=(Message("user", (TextPart("Hello"),)),))
            subject = Subject(f"gen-{self._asked:012d}", NOW, "/v1/chat/completions", "app", "auto", streamed=False)
            incoming = Incoming(request, preferences, Caller("app"), subject, router.clock())
            answer = await router.route_request.answer(incoming)
            assert [event async for event in answer.events]
            records.append(await router.outside.audit.find(subject.id))
        return records


def served_by_new(records: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [record for record in records if record["model"] == NEW.id]


def test_a_new_model_goes_from_its_card_to_traffic_with_a_bounded_trial_in_between(client: Any) -> None:
    day = FirstDay(client)

    # A card without evidence: who names it gets it, and nobody is sent to it.
    day.edit({"models": [encode_card(replace(NEW, ability=None))]})
    assert served_by_new(day.ask(REGULAR)) == []
    assert len(served_by_new(day.ask(1, models=(NEW.id,), is_auto=False))) == 1

    # Onboarding: the prompts that tell most are asked and graded one by one.
    onboard, widths = OnboardModel(day.store, ITEMS), list[float]()
    for _ in range(GRADED):
        (prompt,) = onboard.next_prompts(NEW.id, POOL, count=1)
        assert len(served_by_new(day.ask(1, models=(NEW.id,), is_auto=False))) == 1
        onboard.grade(NEW.id, prompt, score_milli=600, as_of=TODAY)
        quality = onboard.standing(NEW.id, POOL).quality
        widths.append(quality.high - quality.low)
    assert widths[-1] < widths[0] / 2

    # The trial: its share and no more, said in each record.
    day.edit({"policy": {"objective": "quality"}, "models": [{"id": NEW.id, "exploration_milli": 200}]})
    explored = served_by_new(day.ask(REQUESTS))
    assert {record["ledger"]["reason"] for record in explored} == {"explored"}
    assert 0.1 * REQUESTS < len(explored) < 0.3 * REQUESTS

    # Grades of callers change nothing by themselves; recalibrating is shown first, and then written.
    day.grade(explored, 1000)
    before, calibration = read_whole(day.store), CalibrateRegistry(ITEMS)
    graded = [one for record in day.trail.graded() if (one := read_graded(record)) is not None]
    assert len(graded) == len(explored)
    after = calibration.with_feedback(before, graded, as_of=TODAY)
    (change,) = [change for change in calibration.plan(after) if change.card.id == NEW.id]
    assert change.before is not None
    assert change.after.mean_milli > change.before.mean_milli
    assert read_whole(day.store) == before
    assert calibration.apply(day.store, after) == before.version + 1

    # Traffic by merit: the trial ends, and the model is chosen for what it is known to be.
    day.edit({"models": [{"id": NEW.id, "exploration_milli": 0}]})
    regular = day.ask(REGULAR)
    assert {(record["model"], record["ledger"]["reason"]) for record in regular} == {(NEW.id, "objective")}

    replay = ReplayDecisions(day.trail, cache(day.versions.read)).replay(999)
    assert (replay.equal, replay.different, replay.unknown) == (2 * REGULAR + 1 + GRADED + REQUESTS, {}, {})
