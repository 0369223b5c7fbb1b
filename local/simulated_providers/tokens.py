"""Cuts text into pieces about the size of a language model's tokens. Knows no real vocabulary."""

import json
import re

from pointsman.domain.json_types import JsonObject

_TOKEN = re.compile(
    r"\s*(?:[a-zA-Z]{1,8}"
    r"|\d{1,3}"
    # Scripts written without spaces take about one token a sign, other alphabets one per three letters.
    r"|[\u3040-\u9fff\uac00-\ud7af]"
    r"|[^\W\d_a-zA-Z\u3040-\u9fff\uac00-\ud7af]{1,3}"
    r"|\S)|\s+$"
)


def cut(text: str) -> tuple[str, ...]:
    """Pieces that join to `text` again."""
    return tuple(_TOKEN.findall(text))


def count(text: str) -> int:
    return sum(1 for _ in _TOKEN.finditer(text))


def count_json(value: JsonObject) -> int:
    return count(json.dumps(value, ensure_ascii=False))
