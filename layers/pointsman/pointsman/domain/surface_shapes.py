"""Shapes of a text in small letters: kinds of characters, repeated shapes, and how it starts and ends."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple


class Shape(NamedTuple):
    pattern: str
    needs: tuple[str, ...] = ("",)
    """One of these is in every match in ASCII: without any, text in ASCII is not searched. All have the empty one."""


# Shares of all characters, by kind of character.
SHARES = {
    "digit": r"\d",
    "space": r"\s",
    "punctuation": r"[.,;:!?'\"()\[\]。，、！？]",
    "code_sign": r"[{}<>=_;\\/|&*#@$%^~`]",
    "math_sign": r"[+\-*/=^×÷√∑∫≤≥≠π°]",
    "latin": r"[a-z]",
}
# The same of scripts that ASCII has nothing of.
SCRIPTS = {
    "latin_accented": r"[À-ɏ]",
    "cyrillic": r"[Ѐ-ӿ]",
    "arabic": r"[؀-ۿ]",
    "indic": r"[ऀ-෿]",
    "thai": r"[฀-๿]",
    "kana": r"[぀-ヿ]",
    "hangul": r"[가-힯]",
    "han": r"[一-鿿]",
}
# How often a shape is found.
REPEATED = {
    "lines": Shape(r"\n"),
    "blank_lines": Shape(r"\n\s*\n"),
    "sentences": Shape(r"[.!?。！？](?:\s|$)"),
    "question_marks": Shape(r"[?？؟]", ("?",)),
    "numbers": Shape(r"\d+(?:[.,]\d+)*", tuple("0123456789")),
    "bullets": Shape(r"(?m)^\s*(?:[-*•]|\d+[.)])\s"),
    "options": Shape(r"(?m)(?:^|\s)\(?[a-j][.):]\s", (".", ")", ":")),
    "code_fences": Shape(r"```"),
    "indents": Shape(r"(?m)^(?: {4}|\t)\S", ("    ", "\t")),
    "calls": Shape(r"\w\(", ("(",)),
    "latex": Shape(r"\\[a-z]+|\$[^$\n]+\$", ("\\", "$")),
    "links": Shape(r"https?://|www\.", ("://", "www.")),
    "quotes": Shape(r"[\"“”«»「」]"),
    "json_keys": Shape(r"\"\w+\"\s*:"),
    "tags": Shape(r"</?\w+[^>]*>"),
    "currency": Shape(r"[$€£¥₹]\s?\d", ("$",)),
    "blanks": Shape(r"___+|\[(?:blank|mask)\]", ("___", "[blank]", "[mask]")),
    "speakers": Shape(r"(?m)^\s*[^\W\d_]\w{0,14}:\s", (":",)),
    "mentions": Shape(r"(?:^|\s)[@#]\s?\w+", ("@", "#")),
    "commas": Shape(r"[,，、،]"),
    "arrows": Shape(r"=>|->|→", (">",)),
}
# Whether a shape is found at all.
FOUND = {
    "ends_asking": Shape(r"[?？؟][\s\"')\]]*$", ("?",)),
    "ends_colon": Shape(r"[:：]\s*$", (":",)),
    "ends_closed": Shape(r"[.!。！]\s*$"),
    "starts_asking": Shape(
        r"^\s*(?:what|who|when|where|which|why|how|is|are|can|could|do|does|did|will|should)\b",
    ),
    "single_line": Shape(r"^[^\n]*$"),
    "starts_article": Shape(r"^\s*(?:an?|the|two|three|four|some)\s"),
    "starts_edit": Shape(
        r"^\s*(?:add|make|remove|replace|turn|change|put|swap|let|have|give|get rid|erase|convert)\s",
    ),
    "starts_role": Shape(
        r"^\s*(?:you are|you're|act as|i want you to act|pretend|imagine you|be (?:a|an|the|my)|let'?s play)\b",
    ),
    "starts_chat": Shape(
        r"^\s*(?:hi|hey|hello|thanks|thank you|hallo|hola|bonjour|salut|ciao|oi|привет|你好|こんにちは|안녕)\b",
    ),
    "ends_cue": Shape(
        r"\b(?:answer|a|label|sentiment|topic|category|class|intent|output|response|summary|translation"
        r"|entities|keywords|title|tl;?dr)\s*[:：]\s*$",
        (":",),
    ),
    "tool_schema": Shape(
        r"\"(?:parameters|function|arguments|tool_calls?)\"|</?tools?>|\bapi\b|\bfunctions?: ",
        ("parameters", "function", "arguments", "tool", "api"),
    ),
    "signature": Shape(
        r"(?m)^\s*(?:def \w+\(.*\).*:|(?:public|static|bool|int|void|function)\s.*\{)\s*$",
        ("def ", "{"),
    ),
}


def share_characters(text: str) -> Mapping[str, float]:
    """Of all characters; scripts that are not there may be left out."""
    kinds = SHARES if text.isascii() else {**SHARES, **SCRIPTS}
    return {name: _count_characters(pattern, text) / max(len(text), 1) for name, pattern in kinds.items()}


def count_shapes(text: str) -> Mapping[str, int]:
    """Shapes that are not there may be left out."""
    return {name: len(_compiled(REPEATED[name].pattern).findall(text)) for name in _thinkable(REPEATED, text)}


def find_shapes(text: str, shapes: Mapping[str, Shape]) -> Mapping[str, float]:
    """1 for each that is there; those that are not may be left out."""
    return {name: float(_compiled(shapes[name].pattern).search(text) is not None) for name in _thinkable(shapes, text)}


def _thinkable(shapes: Mapping[str, Shape], text: str) -> Iterable[str]:
    if not text.isascii():
        return shapes
    return [name for name, shape in shapes.items() if any(map(text.__contains__, shape.needs))]


def _count_characters(kind: str, text: str) -> int:
    if text.isascii():
        return len(text) - len(text.encode().translate(None, _members_in_ascii(kind)))
    return sum(map(len, _compiled(f"(?:{kind})+").findall(text)))


@cache
def _members_in_ascii(kind: str) -> bytes:
    return bytes(code for code in range(128) if re.fullmatch(kind, chr(code)))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
