"""Rows of a pool of prompts as documents of plain JSON values, and back. Knows no file."""

from typing import Any

from pointsman.domain.documents.forms import INTEGER, INTEGERS, TEXT, FormError, record
from pointsman.domain.json_types import JsonObject
from pointsman.domain.onboarding import PoolRow

_NUMBERS = {
    "meta_model_sha256": ("meta_model_sha256", TEXT),
    "a_milli": ("discrimination_milli", INTEGERS),
    "b_milli": ("difficulty_milli", INTEGER),
}
_ROW = record(PoolRow, {"id": ("prompt_id", TEXT), "text": ("text", TEXT), **_NUMBERS})


def decode_pool_row(document: JsonObject) -> PoolRow:
    """FormError, which names the field, for what is neither a text nor a whole set of numbers."""
    row: PoolRow = _ROW.decode(document)
    if not row.prompt_id.strip():
        raise FormError("must not be empty", ".id")
    given = document.keys() & _NUMBERS.keys()
    if row.text.strip() and given:
        raise FormError("stands beside a text; a row has one or the other", f".{min(given)}")
    if not row.text.strip() and not given:
        raise FormError("must hold the prompt", ".text")
    if missing := _NUMBERS.keys() - document.keys() if given else set[str]():
        raise FormError("is missing", f".{min(missing)}")
    return row


def encode_pool_row(row: PoolRow) -> dict[str, Any]:
    document = _ROW.encode(row)
    # A difficulty of 0 is a number like any other, not an absent one.
    return document if row.text else {**document, "b_milli": row.difficulty_milli}
