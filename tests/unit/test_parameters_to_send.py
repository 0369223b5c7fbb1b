"""Only what a card lists is sent; the rest is named."""

from pointsman.domain.parameters import left_out_parameters, parameters_to_send
from pointsman.domain.request import ChatRequest

from tests.conformance.cards import card_with


def test_parameters_are_parted_by_the_card() -> None:
    request = ChatRequest((), parameters={"temperature": 0, "seed": 7, "top_k": 3})
    card = card_with(parameters=("seed", "stop"))
    assert parameters_to_send(request, card) == {"seed": 7}
    assert left_out_parameters(frozenset(request.parameters), card) == ("temperature", "top_k")
