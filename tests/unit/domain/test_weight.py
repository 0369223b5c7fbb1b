"""A model's weight is its share of the requests for auto, the same within a session, whoever else has one."""

from dataclasses import replace

from pointsman.domain.decision import decide
from pointsman.domain.preferences import Preferences

from tests.fakes import make_card, make_situation

USUAL, NEW = make_card("usual", ability=0), make_card("new", ability=3000, weight_milli=200)
SITUATION = make_situation([USUAL, NEW])


def chosen(lot: str) -> str:
    return decide(replace(SITUATION, lot=lot)).chosen.candidate.card.name


def test_a_new_model_gets_about_its_share_and_no_more() -> None:
    choices = [chosen(f"gen-{number}") for number in range(1000)]
    assert 160 < choices.count("new") < 240
    assert chosen("me/session") == chosen("me/session")


def test_shares_of_two_models_fall_on_different_requests() -> None:
    other = replace(NEW, id="acme/other", name="other")
    both = make_situation([USUAL, NEW, other])
    seen = [{p.candidate.card.name for p in decide(replace(both, lot=str(number))).order} for number in range(500)]
    alone = sum(("new" in names) != ("other" in names) for names in seen)
    assert alone > 100


def test_who_asks_for_the_model_itself_gets_it() -> None:
    named = Preferences(models=("acme/new",), is_auto=False)
    situation = replace(SITUATION, preferences=named)
    assert {decide(replace(situation, lot=str(number))).chosen.candidate.id for number in range(50)} == {"acme/new"}
