"""The words of a text as numbers: what a tokenizer with a closed vocabulary cannot read in many languages.

Knows no dictionary; two words may share a number.
"""

import re
from zlib import crc32

WORD_BUCKETS = 65536
# Words kept of a longer text, at its head and its tail.
HEAD_WORDS, TAIL_WORDS = 96, 64
# Stands before the first word, so that no text is without one.
START = 0
# Not \w: vowel signs of Indic scripts are no letters to it, and belong to the word.
_WORD = re.compile(r"[^\s.,;:!?\"'()\[\]{}<>/\\|=+*`~^#$%&@।。，、！？؟،«»„“”‘’…—–-]+")


def word_hashes(text: str) -> tuple[int, ...]:
    """A number in [0, WORD_BUCKETS) for the start and for each word, whatever its case."""
    words = _WORD.findall(text.lower())
    if len(words) > HEAD_WORDS + TAIL_WORDS:
        words = [*words[:HEAD_WORDS], *words[-TAIL_WORDS:]]
    return (START, *(crc32(word.encode("utf-8", "surrogatepass")) % WORD_BUCKETS for word in words))
