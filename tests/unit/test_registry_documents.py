"""A card and its document say the same; a document that says it wrongly is refused, by name."""

import copy
import json
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pointsman.domain.documents.registry import decode_card, decode_policy, encode_card, encode_policy
from pointsman.domain.errors import RegistryError
from pointsman.domain.model_card import Ability, DataPolicy, GradedAnswer, Grading, ModelCard
from pointsman.domain.registry import Policy

DOCUMENT: dict[str, Any] = {
    "id": "acme/one",
    "name": "One",
    "kind": "chat",
    "class": "main",
    "released": "2026-09-01",
    "endpoints": [{"provider": "acme", "upstream_model": "one-1"}],
    "context_tokens": 1_000_000,
    "max_output_tokens": 64_000,
    "tokenizer": "o200k",
    "input_modalities": ["image", "text"],
    "output_modalities": ["text"],
    "features": ["streaming", "tools"],
    "parameters": ["seed", "temperature"],
    "prices": [
        {
            "from": "2026-09-01",
            "until": "2026-12-01",
            "usd_per_mtok": {"input": "0.00000001", "output": "10.00"},
            "source": "made up",
            "checked": "2026-11-22",
        },
        {"from": "2026-12-01", "usd_per_unit": {"request": "0.014"}, "source": "made up"},
    ],
    "speed": {"ttft_ms": 500, "tokens_per_s": 100, "source": "made up", "as_of": "2026-10-03"},
    "evidence": [
        {
            "benchmark": "arena/text/overall",
            "kind": "elo",
            "score": 1463.2,
            "n": 20133,
            "as_of": "2026-10-05",
            "source": "made up",
        }
    ],
}
GRADING = Grading("ab" * 32, date(2026, 11, 22), (GradedAnswer("p1", 750, (1200, 300), -400),))
FULL = replace(
    decode_card(DOCUMENT),
    retires_on=date(2027, 1, 14),
    reasoning_efforts=("none", "low", "high"),
    data_policy=DataPolicy(zero_retention=True, trains_on_data=False),
    gradings=(GRADING,),
    ability=Ability((120, -80), (300, 310), "ab" * 32, "evidence"),
    verbosity_milli=900,
    enabled=False,
    weight_milli=0,
    exploration_milli=50,
    sources=("made up",),
    notes="A note.",
)


def changed(*path: str | int, to: object) -> dict[str, Any]:
    document = copy.deepcopy(DOCUMENT)
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return document


def test_a_document_becomes_a_card() -> None:
    card = decode_card(DOCUMENT)
    assert card.model_class == "main"
    assert card.released == date(2026, 9, 1)
    assert card.prices[0].usd_per_mtok["input"] == Decimal("0.00000001")
    assert card.prices[0].valid_until == date(2026, 12, 1)
    assert card.prices[1].usd_per_unit["request"] == Decimal("0.014")
    assert card.evidence[0].score == 1463.2
    assert card.data_policy == DataPolicy(zero_retention=None, trains_on_data=None)


def test_a_document_survives_the_way_there_and_back() -> None:
    assert encode_card(decode_card(DOCUMENT)) == DOCUMENT


@pytest.mark.parametrize("card", [decode_card(DOCUMENT), FULL])
def test_a_card_survives_the_way_there_and_back_through_json(card: ModelCard) -> None:
    assert decode_card(json.loads(json.dumps(encode_card(card)))) == card


def test_every_field_of_a_card_is_written() -> None:
    assert len(encode_card(FULL)) == len(fields(ModelCard))


def test_money_is_never_written_with_an_exponent() -> None:
    assert encode_card(decode_card(DOCUMENT))["prices"][0]["usd_per_mtok"]["input"] == "0.00000001"


def test_null_is_as_good_as_absent() -> None:
    assert decode_card({**DOCUMENT, "retires_on": None, "data_policy": None}) == decode_card(DOCUMENT)


def test_numbers_may_come_as_decimals_as_dynamodb_gives_them() -> None:
    document = changed("evidence", 0, "score", to=Decimal("1463.2"))
    assert decode_card({**document, "context_tokens": Decimal(1_000_000)}) == decode_card(DOCUMENT)


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        (changed("class", to="giant"), "acme/one: class: must be one of flagship, main, mid, mini, not 'giant'"),
        (changed("context_tokens", to="many"), "acme/one: context_tokens: must be a whole number"),
        (changed("context_tokens", to=True), "acme/one: context_tokens: must be a whole number"),
        (changed("context_tokens", to=1.5), "acme/one: context_tokens: must be a whole number"),
        (changed("context_tokens", to=-1), "acme/one: context_tokens: must be 0 or more"),
        (changed("released", to="yesterday"), "acme/one: released: must be a day"),
        (changed("enabled", to="yes"), "acme/one: enabled: must be true or false"),
        (changed("features", to="tools"), "acme/one: features: must be a list"),
        (changed("speed", to=[]), "acme/one: speed: must be an object"),
        (changed("input_modalities", 0, to="smell"), r"acme/one: input_modalities\[0\]: must be one of"),
        (changed("prices", 0, "usd_per_mtok", "input", to=2.5), r"prices\[0\].usd_per_mtok.input: must be text"),
        (changed("prices", 0, "usd_per_mtok", "input", to="2,5"), "must be decimal text, such as '0.10'"),
        (changed("prices", 0, "usd_per_mtok", "input", to="-1"), "must be an amount of 0 or more"),
        (changed("prices", 0, "usd_per_mtok", "input", to="NaN"), "must be an amount of 0 or more"),
        (
            changed("prices", 0, "usd_per_mtok", "thoughts", to="1"),
            r"usd_per_mtok.thoughts: must be one of",
        ),
        (changed("evidence", 0, "score", to="high"), r"evidence\[0\].score: must be a number"),
        (changed("colour", to="red"), "acme/one: colour: no such field"),
        (changed("tokenizer", to=None), "acme/one: tokenizer: is missing"),
        (changed("id", to=7), "id: must be text"),
    ],
)
def test_a_wrong_value_is_refused_by_model_and_field(document: dict[str, Any], complaint: str) -> None:
    with pytest.raises(RegistryError, match=complaint):
        decode_card(document)


def test_a_document_without_id_is_refused() -> None:
    with pytest.raises(RegistryError, match="a model without id: id: is missing"):
        decode_card({key: value for key, value in DOCUMENT.items() if key != "id"})


def test_two_prices_for_the_same_case_and_day_are_refused() -> None:
    with pytest.raises(RegistryError, match=r"acme/one: prices\[1\]: holds on days on which prices\[0\] holds too"):
        decode_card(changed("prices", 1, "from", to="2026-11-30"))


def test_a_price_of_nothing_is_refused() -> None:
    with pytest.raises(RegistryError, match=r"acme/one: prices\[1\]: prices nothing"):
        decode_card(changed("prices", 1, to={"from": "2026-12-01", "source": "made up"}))


GRADED: dict[str, Any] = {"prompt_id": "p1", "score_milli": 750, "a_milli": [1200, 300], "b_milli": -400}


@pytest.mark.parametrize(
    ("answers", "complaint"),
    [
        ([{**GRADED, "score_milli": 1001}], r"gradings\[0\].answers\[0\].score_milli: must be at most 1000"),
        ([{**GRADED, "score_milli": -1}], r"gradings\[0\].answers\[0\].score_milli: must be 0 or more"),
        ([{**GRADED, "b_milli": 0.5}], r"gradings\[0\].answers\[0\].b_milli: must be a whole number"),
        ([GRADED, GRADED], r"gradings\[0\]: prompt_id: stands twice"),
        ([GRADED, {**GRADED, "prompt_id": "p2", "a_milli": [1]}], r"gradings\[0\]: a_milli: must have one length"),
        ([{**GRADED, "prompt_id": str(n)} for n in range(501)], "gradings: hold more than 500 answers"),
    ],
)
def test_a_wrong_grading_is_refused_by_model_and_field(answers: list[dict[str, Any]], complaint: str) -> None:
    grading = {"meta_model_sha256": "ab" * 32, "as_of": "2026-11-22", "answers": answers}
    with pytest.raises(RegistryError, match=f"acme/one: {complaint}"):
        decode_card({**DOCUMENT, "gradings": [grading]})


def test_a_policy_survives_the_way_there_and_back() -> None:
    policy = Policy("acme/one", "acme/two", objective="cost", willingness_to_pay_usd=Decimal("0.2"), max_attempts=2)
    assert decode_policy(json.loads(json.dumps(encode_policy(policy)))) == policy


def test_a_wrong_policy_is_refused_by_field() -> None:
    with pytest.raises(RegistryError, match="policy: objective: must be one of"):
        decode_policy({"safe_default": "acme/one", "reference_model": "acme/one", "objective": "beauty"})
