"""Surface features of a text: lengths, scripts, shapes and words of instruction in several languages.

They carry what an embedding loses. Plain counts and shares; the meta-model scales them. Words of instruction are
counted once more in the first and in the last line: a long paste has its instruction at either end. Capitals are read
as small letters: how somebody types says nothing of what is asked for.
"""

from collections.abc import Iterable, Iterator, Mapping
from math import log1p

from pointsman.domain.surface_shapes import FOUND, SCRIPTS, SHARES, count_shapes, find_shapes, share_characters
from pointsman.domain.surface_vocabulary import FOUND_PHRASES, INSTRUCTIONS
from pointsman.domain.surface_words import count_words

# The order is that in which the shipped meta-model takes them.
_OF_TEXT = (
    "characters",
    *SHARES,
    *SCRIPTS,
    "words",
    "lines",
    "blank_lines",
    "sentences",
    "question_marks",
    "numbers",
    "bullets",
    "options",
    "code_fences",
    "indents",
    "calls",
    "code_words",
    "latex",
    "links",
    "quotes",
    "json_keys",
    "tags",
    "currency",
    "blanks",
    "speakers",
    "mentions",
    "commas",
    "arrows",
    "ends_asking",
    "ends_colon",
    "ends_closed",
    "starts_asking",
    "single_line",
    "starts_article",
    "starts_edit",
    "starts_role",
    "starts_chat",
    "ends_cue",
    "given_media",
    "shown",
    "tool_schema",
    "signature",
)
_ENDS_OF_LINE = {name: FOUND[name] for name in ("ends_asking", "ends_colon", "ends_cue")}
_OF_LINE = ("characters", *_ENDS_OF_LINE, *INSTRUCTIONS)
SURFACE_NAMES: tuple[str, ...] = (
    *_OF_TEXT,
    "longest_line",
    *INSTRUCTIONS,
    *(f"{line}_{name}" for line in ("first", "last") for name in _OF_LINE),
)
# Of a line, this much at its start (of the first) or its end (of the last) is read.
_LINE_LIMIT = 240


def surface_features(text: str) -> tuple[float, ...]:
    """One number per name in SURFACE_NAMES, each at least 0 and of the order of 1."""
    text = text.lower()
    lines = [line for line in text.splitlines() if line.strip()] or [""]
    first, last = lines[0][:_LINE_LIMIT], lines[-1][-_LINE_LIMIT:]
    # A short text is its first and last line too.
    words = {part: _measure_words(part) for part in {text, first, last}}
    return (
        *_in_order(_OF_TEXT, _measure_text(text) | words[text]),
        max(map(len, lines)) / max(len(text), 1),
        *_in_order(INSTRUCTIONS, words[text]),
        *_in_order(_OF_LINE, _measure_line(first) | words[first]),
        *_in_order(_OF_LINE, _measure_line(last) | words[last]),
    )


def _measure_text(text: str) -> dict[str, float]:
    shapes = {name: log1p(count) for name, count in count_shapes(text).items()}
    return {"characters": log1p(len(text)), **share_characters(text), **shapes, **find_shapes(text, FOUND)}


def _measure_line(line: str) -> dict[str, float]:
    return {"characters": log1p(len(line)), **find_shapes(line, _ENDS_OF_LINE)}


def _measure_words(text: str) -> dict[str, float]:
    counts = count_words(text).items()
    return {kind: float(count > 0) if kind in FOUND_PHRASES else log1p(count) for kind, count in counts}


def _in_order(names: Iterable[str], measured: Mapping[str, float]) -> Iterator[float]:
    """What was left out of the measures is not there."""
    return (measured.get(name, 0.0) for name in names)
