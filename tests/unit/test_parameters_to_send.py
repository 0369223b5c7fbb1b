"""Only what a card lists is sent; the rest is named."""

from pointsman.domain.parameters import parameters_to_send
from pointsman.domain.request import ChatRequest

from tests.conformance.cards import card_with


def test_parameters_are_parted_by_the_card() -> None:
    request = ChatRequest((), parameters={"temperature": 0, "seed": 7, "top_k": 3})
    sent, left_out = parameters_to_send(request, card_with(parameters=("seed", "stop")))
    assert sent == {"seed": 7}
    assert left_out == ("temperature", "top_k")
