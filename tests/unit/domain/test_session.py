"""A session stays with its model while the gain of leaving is less than the cached prompt is worth."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from pointsman.domain.candidate import Situation
from pointsman.domain.decision import decide
from pointsman.domain.documents.ledger import decision_document
from pointsman.domain.expected_usage import cached_tokens
from pointsman.domain.lineup import line_up
from pointsman.domain.model_card import ModelCard, Price
from pointsman.domain.prediction import predict_all
from pointsman.domain.reply import TokenClass
from pointsman.domain.request import Message, TextPart
from pointsman.domain.session import Session, beginning_of, is_continued

from bench.sessions import compare
from tests.fakes import make_card, make_features, make_situation

LONG = 100_000


def caching(name: str, *, ability: int, usd: str) -> ModelCard:
    card = make_card(name, ability=ability, usd=usd, features=frozenset({"prompt_caching"}), context_tokens=1_000_000)
    price = card.prices[0]
    cheap_reads: dict[TokenClass, Decimal] = {**price.usd_per_mtok, "cache_read": Decimal(usd) / 10}
    return replace(card, prices=(Price(price.valid_from, cheap_reads, {}, "test"),))


OLD, BETTER = caching("old", ability=1000, usd="1"), caching("better", ability=1500, usd="1")


def situation(session: Session | None, *, willingness: str = "0.05", **features: Any) -> Situation:
    policy = {"willingness_to_pay_usd": Decimal(willingness), "time_value_usd_per_s": Decimal(0)}
    asked = make_features(**{"prompt_tokens": LONG, **features})
    return replace(make_situation([OLD, BETTER], features=asked, policy=policy), session=session)


def chosen(situation: Situation) -> str:
    return decide(situation).chosen.candidate.card.name


def test_a_session_leaves_its_model_only_for_more_than_its_cache_is_worth() -> None:
    warm = Session("acme/old@acme", LONG, 10)
    assert chosen(situation(None)) == "better"
    assert chosen(situation(warm)) == "old"
    # The better answer is worth more to this caller than the 0.09 USD that the cache saves.
    assert chosen(situation(warm, willingness="5")) == "better"


@pytest.mark.parametrize(
    "session",
    [Session("acme/old@acme", LONG, 300), Session("acme/old@acme", 1_000, 10), Session("acme/gone@acme", LONG, 10)],
)
def test_a_cold_short_or_foreign_cache_holds_nobody(session: Session) -> None:
    assert chosen(situation(session)) == "better"


def test_no_more_is_cached_than_the_prompt_holds_and_only_of_chats_where_the_model_caches() -> None:
    warm = Session("acme/old@acme", LONG, 10)
    candidate, *_ = line_up(situation(warm)).candidates
    assert cached_tokens(candidate, situation(warm)) == LONG
    assert cached_tokens(candidate, situation(warm, prompt_tokens=5_000, media_tokens=1_000)) == 4_000
    assert cached_tokens(candidate, situation(warm, kind="speech")) == 0
    forgetful = replace(candidate, card=replace(candidate.card, features=frozenset[str]()))
    assert cached_tokens(forgetful, situation(warm)) == 0
    (cold,), (hot,) = (predict_all([candidate], situation(session)) for session in (None, warm))
    assert cold.cost_usd_p50 - hot.cost_usd_p50 == Decimal("0.09")


def test_the_ledger_says_what_the_session_left_and_whether_it_was_used() -> None:
    warm = Session("acme/old@acme", LONG, 10)
    assert decision_document(decide(situation(None)))["session"] is None
    told = {"served_by": "acme/old@acme", "rested_s": 10}
    assert decision_document(decide(situation(warm)))["session"] == told | {"stayed": True, "cached_tokens": LONG}
    left = decision_document(decide(situation(warm, willingness="5")))["session"]
    assert left == told | {"stayed": False, "cached_tokens": 0}


def test_a_conversation_is_known_by_how_it_begins() -> None:
    system, first = Message("system", (TextPart("Be brief."),)), Message("user", (TextPart("Hello"),))
    later = (Message("assistant", (TextPart("Hi"),)), Message("user", (TextPart("And now?"),)))
    assert beginning_of((system, first)) == beginning_of((system, first, *later)) == "Be brief.\nHello"
    assert [is_continued((system, first)), is_continued((system, first, *later))] == [False, True]


def test_over_eighteen_turns_the_session_is_worth_more_than_routing_anew() -> None:
    worth = Decimal("0.05")
    tallies = compare(4, worth)
    net = {name: worth * tally.quality_milli / 1000 - tally.usd for name, tally in tallies.items()}
    ours, anew = tallies["with session"], tallies["always route anew"]
    assert net["with session"] >= net["always route anew"]
    assert ours.cached_tokens > anew.cached_tokens
