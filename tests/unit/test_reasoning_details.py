"""Thoughts that came in pieces are whole again before they go back."""

from pointsman.domain.reasoning_details import join_details, text_of_details


def piece(text: str, index: int | None = 0, **fields: object) -> dict[str, object]:
    return {"type": "reasoning.text", "text": text, "index": index, **fields}


def test_pieces_of_one_thought_are_joined_with_their_signature() -> None:
    pieces = [piece("I "), piece("think"), {"type": "reasoning.text", "index": 0, "signature": "s"}]
    assert join_details(pieces) == (piece("I think", signature="s"),)


def test_a_signed_thought_is_complete() -> None:
    assert len(join_details([piece("a", signature="s"), piece("b", signature="t")])) == 2


def test_thoughts_of_another_index_or_kind_stay_apart() -> None:
    secret = {"type": "reasoning.encrypted", "data": "x", "index": 1}
    assert join_details([piece("a"), piece("b", 1), secret]) == (piece("a"), piece("b", 1), secret)


def test_thoughts_without_an_index_stay_apart() -> None:
    assert len(join_details([piece("a", None), piece("b", None)])) == 2


def test_secrets_come_whole_and_stay_apart() -> None:
    secrets = [{"type": "reasoning.encrypted", "data": data, "index": 1} for data in ("x", "y")]
    assert join_details(secrets) == tuple(secrets)


def test_the_readable_text_is_that_of_texts_and_summaries() -> None:
    assert text_of_details([piece("a"), {"type": "reasoning.summary", "summary": "b"}, {"data": "c"}]) == "ab"
