"""The ledger's sums: money is the sum of its classes, tokens of theirs, and a saving is the reference less the cost."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pointsman.domain.decision import decide
from pointsman.domain.documents.ledger import audit_document, ledger_document
from pointsman.domain.ledger import AuditRecord, Subject, price_reference, price_runners_up
from pointsman.domain.model_card import ModelCard
from pointsman.domain.realised import realise
from pointsman.domain.reply import Finished, ReplyEvent, TextDelta, TokenClass, Usage, UsageReported

from tests.fakes import make_card, make_situation

CLASSES: tuple[TokenClass, ...] = ("input", "cache_read", "cache_write", "output", "reasoning")
SUBJECT = Subject("gen-1", datetime(2026, 11, 22, tzinfo=UTC), "/v1/chat/completions", "me", "auto", streamed=False)
CARDS = [make_card("cheap", usd="0.1"), make_card("mid", usd="1"), make_card("dear", usd="5")]
usages = st.dictionaries(st.sampled_from(CLASSES), st.integers(1, 10**6), min_size=1)


def make_record(*events: ReplyEvent, cards: list[ModelCard] = CARDS) -> AuditRecord:
    decision = decide(make_situation(cards, policy={"objective": "cost", "reference_model": "acme/dear"}))
    return AuditRecord(SUBJECT, "answered", decision, served=realise(events, decision.chosen, decision))


def record_of(tokens: dict[TokenClass, int]) -> AuditRecord:
    return make_record(TextDelta("Hi"), Finished("stop"), UsageReported(Usage(tokens)))


@settings(max_examples=60)
@given(usages)
def test_the_cost_is_the_sum_of_its_classes(tokens: dict[TokenClass, int]) -> None:
    document = ledger_document(record_of(tokens))
    parts = [Decimal(usd) for usd in document["cost_breakdown_usd"].values()]
    assert sum(parts) == Decimal(document["cost_usd"]) > 0
    assert document["cost_breakdown_usd"].keys() == tokens.keys()


@settings(max_examples=60)
@given(usages)
def test_token_classes_sum_to_the_providers_total(tokens: dict[TokenClass, int]) -> None:
    served = record_of(tokens).served
    assert served is not None
    assert served.usage.prompt_tokens + served.usage.completion_tokens == sum(tokens.values())


@settings(max_examples=60)
@given(usages)
def test_what_was_saved_is_the_reference_less_the_cost(tokens: dict[TokenClass, int]) -> None:
    record = record_of(tokens)
    reference = price_reference(record)
    assert reference is not None
    assert reference.cost_usd is not None
    assert reference.cost_usd == record.cost_usd * 50
    assert Decimal(ledger_document(record)["reference"]["saved_usd"]) == reference.cost_usd - record.cost_usd


def test_the_runners_up_are_priced_on_the_same_tokens() -> None:
    runners_up = price_runners_up(record_of({"input": 1_000_000}))
    priced = {other.model: other.cost_usd for other in runners_up}
    assert priced == {"acme/mid": Decimal(1), "acme/dear": Decimal(5)}


def test_a_runner_up_that_cannot_be_priced_is_not_shown_as_free() -> None:
    blind = replace(CARDS[1], prices=(replace(CARDS[1].prices[0], usd_per_mtok={"input": Decimal(1)}),))
    record = record_of({"input": 10, "output": 10})
    assert record.decision is not None
    swapped = tuple(
        p._replace(candidate=replace(p.candidate, card=blind)) if p.candidate.id == blind.id else p
        for p in record.decision.order
    )
    record = replace(record, decision=replace(record.decision, order=swapped))
    assert ledger_document(record)["would_have_cost_usd"]["acme/mid"] is None


def test_usage_that_nobody_reported_is_measured_and_says_so() -> None:
    served = make_record(TextDelta("12345678")).served
    assert served is not None
    assert served.usage_estimated
    assert served.usage.tokens == {"input": 100, "output": 2}
    assert served.finish_reason == "error"


def test_the_audit_holds_nothing_that_was_said() -> None:
    record = make_record(TextDelta("a secret"), Finished("stop"))
    assert "a secret" not in str(audit_document(record))


@pytest.mark.parametrize(
    ("told", "figures"),
    [
        (Decimal("0.0000031"), {"provider_cost_usd": "0.0000031", "cost_difference_usd": "0.0000001"}),
        (Decimal("0"), {"provider_cost_usd": "0", "cost_difference_usd": "-0.000003"}),
        (None, {}),
    ],
)
def test_the_provider_s_own_figure_stands_beside_ours(told: Decimal | None, figures: dict[str, str]) -> None:
    usage = Usage({"input": 30}, provider_cost_usd=told)
    document = ledger_document(make_record(TextDelta("Hi"), Finished("stop"), UsageReported(usage)))
    assert document["cost_usd"] == "0.000003"
    assert {
        name: document[name] for name in ("provider_cost_usd", "cost_difference_usd") if name in document
    } == figures
