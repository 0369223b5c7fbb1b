"""How many words and phrases of each kind a text has.

In ASCII text, which most is, a kind is the number of its words: each is looked up once and remembered. A pattern is
searched for only where a word tells that one of the kind's phrases may be there.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain

from pointsman.domain.surface_vocabulary import CODE_WORDS, FOUND_PHRASES, INSTRUCTIONS, Vocabulary

_VOCABULARIES: Mapping[str, Vocabulary] = {**INSTRUCTIONS, **FOUND_PHRASES, "code_words": CODE_WORDS}
# The clue that a word of a phrase is, with the phrase's kind.
_PHRASES_OF = {f"phrases of {kind}": kind for kind, vocabulary in _VOCABULARIES.items() if vocabulary.phrases}
_SPACE_BETWEEN_WORDS = {code: " " for code in range(128) if not re.fullmatch(r"\w", chr(code))}
# Some 150 bytes each. Longer words seldom come again.
_MOST_REMEMBERED, _LONGEST_REMEMBERED = 4096, 32


def count_words(text: str) -> Mapping[str, int]:
    """Of a text in small letters, all its words and those of each kind; a kind without any may be left out."""
    return _count_in_ascii(text) if text.isascii() else _count_everywhere(text)


def _count_everywhere(text: str) -> Mapping[str, int]:
    counts = {kind: len(_everywhere(kind).findall(text)) for kind in _VOCABULARIES}
    return {**counts, "words": len(re.findall(r"\w+", text))}


def _count_in_ascii(text: str) -> Mapping[str, int]:
    words = text.translate(_SPACE_BETWEEN_WORDS).split()
    counts = Counter(chain.from_iterable(map(_KINDS_OF.__getitem__, words)))
    for kind in [_PHRASES_OF[clue] for clue in _PHRASES_OF.keys() & counts.keys()]:
        counts[kind] = len(_in_ascii(kind).findall(text))
    counts["words"] = len(words)
    return counts


# Neither at a start, which may need few.
@cache
def _everywhere(kind: str) -> re.Pattern[str]:
    return re.compile(_VOCABULARIES[kind].everywhere)


@cache
def _in_ascii(kind: str) -> re.Pattern[str]:
    """Without other scripts' borders of words it takes less than half the time."""
    return re.compile(_VOCABULARIES[kind].in_ascii, re.ASCII)


class _KindsOfWords(dict[str, tuple[str, ...]]):
    """Of words met lately, the kinds that each is of and the clues that it is."""

    def __missing__(self, word: str) -> tuple[str, ...]:
        kinds = _find_kinds(word)
        if len(word) <= _LONGEST_REMEMBERED:
            if len(self) >= _MOST_REMEMBERED:
                self.clear()
            self[word] = kinds
        return kinds


def _find_kinds(word: str) -> tuple[str, ...]:
    by_stem = (_BY_STEM.get(word[:length], ()) for length in _STEM_LENGTHS if length < len(word))
    return tuple({*_BY_WORD.get(word, ()), *chain.from_iterable(by_stem)})


def _index(*, stems: bool) -> Mapping[str, tuple[str, ...]]:
    """By stems of longer words, or by whole words: `stem\\w*` is both, `stem\\w+` a stem, `word` a word."""
    kinds = defaultdict[str, list[str]](list)
    for kind, alternative in _alternatives():
        word, _, more = alternative.partition("\\w")
        if more in (("*", "+") if stems else ("*", "")):
            kinds[word].append(kind)
    return {word: tuple(of_word) for word, of_word in kinds.items()}


def _alternatives() -> Iterator[tuple[str, str]]:
    """Kind, or clue to its phrases, and word or stem."""
    for kind, vocabulary in _VOCABULARIES.items():
        yield from ((kind, word) for word in vocabulary.words.split("|") if word)
    for clue, kind in _PHRASES_OF.items():
        yield from ((clue, word) for word in _VOCABULARIES[kind].in_phrases.split("|"))


_BY_WORD, _BY_STEM = _index(stems=False), _index(stems=True)
_STEM_LENGTHS = sorted(set(map(len, _BY_STEM)))
_KINDS_OF = _KindsOfWords()
