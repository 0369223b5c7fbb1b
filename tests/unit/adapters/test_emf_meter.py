"""One line of CloudWatch's embedded metric format for each request; ids never become dimensions."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pointsman.adapters.emf_meter import EmfMeter
from pointsman.application.incoming import Incoming
from pointsman.domain.errors import ProviderError
from pointsman.domain.latency import LiveFigures
from pointsman.domain.ledger import AuditRecord, Rejection, Subject, price_reference
from pointsman.domain.preferences import Caller, Preferences
from pointsman.domain.reply import ReplyEvent
from pointsman.domain.request import ChatRequest, Message, TextPart

from tests.fakes import HELLO, failure, make_card, make_stage

SUBJECT = Subject("gen-1", datetime(2026, 11, 22, tzinfo=UTC), "/v1/chat/completions", "me-1", "auto", streamed=False)


def make_record(*events: ReplyEvent | ProviderError) -> AuditRecord:
    """Of an answered request: the first of two models plays `events`."""
    request = ChatRequest(messages=(Message("user", (TextPart("Hello"),)),))
    incoming = Incoming(request, Preferences(objective="quality"), Caller("me-1"), SUBJECT, arrived_at=0.0)
    cards = [make_card("good", ability=3000), make_card("bad", ability=-1000)]
    stage = make_stage(cards, {"acme/good": events})

    async def answer() -> None:
        begun = await stage.router.route_request.answer(incoming)
        assert [event async for event in begun.events]

    asyncio.run(answer())
    return stage.audit.records[0]


def meter(record: AuditRecord, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    EmfMeter(namespace="Test", service="router", registry_age_s=lambda: 7.0).record(record)
    (line,) = capsys.readouterr().out.splitlines()
    return json.loads(line)


def declared(line: dict[str, Any]) -> tuple[set[str], dict[str, str]]:
    """The names of the dimensions, each of which is a series beside the service's, and the unit of each metric."""
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "Test"
    whole, *parts = directive["Dimensions"]
    assert whole == ["service"]
    assert all(len(part) == 2 and part[0] == "service" for part in parts)
    return {name for _, name in parts}, {metric["Name"]: metric["Unit"] for metric in directive["Metrics"]}


def value(line: dict[str, Any], name: str) -> float:
    (number,) = line[name]
    return number


def test_an_answer_is_one_line_with_every_declared_value(capsys: pytest.CaptureFixture[str]) -> None:
    record = make_record(*HELLO)
    line = meter(record, capsys)
    dimensions, units = declared(line)
    assert (dimensions | units.keys()) <= line.keys()
    assert {name: line[name] for name in dimensions} == {
        "outcome": "answered",
        "objective": "quality",
        "model": "acme/good",
    }
    fields = {name: line[name] for name in ("service", "provider", "task", "reason", "first_failure")}
    assert fields == {
        "service": "router",
        "provider": "acme",
        "task": "chat_qa",
        "reason": "objective",
        "first_failure": "none",
    }
    assert (value(line, "Requests"), value(line, "FailedAttempts")) == (1, 0)
    assert (value(line, "PromptTokens"), value(line, "CompletionTokens")) == (10, 2)
    assert value(line, "CostUsd") == pytest.approx(float(record.cost_usd))
    assert 0 < value(line, "PredictedQuality") < 1
    assert (value(line, "RegistryAge"), value(line, "OpenBreakers")) == (7, 0)
    assert [value(line, name) for name in ("Failures", "Fallbacks", "Abstentions")] == [0, 0, 0]
    assert {units["Latency"], units["TimeToFirstToken"]} == {"Milliseconds"}


def test_ids_and_keys_are_told_beside_the_dimensions(capsys: pytest.CaptureFixture[str]) -> None:
    line = meter(make_record(*HELLO), capsys)
    dimensions, units = declared(line)
    assert (line["request_id"], line["key_id"]) == ("gen-1", "me-1")
    assert not {"request_id", "key_id"} & (dimensions | units.keys())


def test_failed_attempts_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    line = meter(make_record(failure("malformed_reply", status=200)), capsys)
    assert (value(line, "FailedAttempts"), line["model"]) == (1, "acme/bad")
    assert (value(line, "Fallbacks"), line["first_failure"]) == (1, "acme/good at acme: malformed_reply")


def test_a_saving_is_counted_against_the_reference_model(capsys: pytest.CaptureFixture[str]) -> None:
    record = make_record(*HELLO)
    reference = price_reference(record)
    assert reference is not None
    assert reference.cost_usd is not None
    saved = float(reference.cost_usd) - float(record.cost_usd)
    assert value(meter(record, capsys), "SavedUsd") == pytest.approx(saved)


def test_a_choice_without_ground_is_an_abstention(capsys: pytest.CaptureFixture[str]) -> None:
    record = make_record(*HELLO)
    assert record.decision is not None
    unsure = replace(record, decision=replace(record.decision, reason="safe_default_uncertain"))
    assert value(meter(unsure, capsys), "Abstentions") == 1


def test_open_breakers_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    record = make_record(*HELLO)
    assert record.decision is not None
    live = {"acme/good": LiveFigures(is_open=True), "acme/bad": LiveFigures()}
    situation = replace(record.decision.situation, live=live)
    tripped = replace(record, decision=replace(record.decision, situation=situation))
    assert value(meter(tripped, capsys), "OpenBreakers") == 1


def test_a_refused_request_has_the_same_dimensions_and_no_figures_of_an_answer(
    capsys: pytest.CaptureFixture[str],
) -> None:
    answered, _ = declared(meter(make_record(*HELLO), capsys))
    line = meter(AuditRecord(SUBJECT, "rejected", rejection=Rejection("RequestError", "no")), capsys)
    dimensions, units = declared(line)
    assert dimensions == answered
    assert {line[name] for name in ("objective", "model", "provider", "task")} == {"none"}
    assert units.keys() == {"Requests", "Latency", "FailedAttempts", "Failures", "RegistryAge", "OpenBreakers"}


def test_requests_share_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    meters = EmfMeter(namespace="Test", service="router", registry_age_s=lambda: 0.0)
    for outcome in ("rejected", "failed"):
        meters.record(AuditRecord(SUBJECT, outcome))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["outcome"], line["Requests"]) for line in lines] == [("rejected", [1.0]), ("failed", [1.0])]
