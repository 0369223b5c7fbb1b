import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pointsman.domain.surface import SURFACE_NAMES, surface_features
from pointsman.domain.surface_shapes import FOUND, REPEATED, SCRIPTS, SHARES
from pointsman.domain.surface_vocabulary import CODE_WORDS, FOUND_PHRASES, INSTRUCTIONS, Vocabulary

WORD_NAMES = SURFACE_NAMES[SURFACE_NAMES.index("longest_line") + 1 : SURFACE_NAMES.index("first_characters")]
EXAMPLES = (
    "you",
    "What",
    "write",
    "a_poem",
    "summary",
    "e-mail",
    "fix",
    "c++",
    "speech",
    "how many",
    "tl;dr",
    "4K",
)
VOCABULARIES = {**INSTRUCTIONS, **FOUND_PHRASES, "code_words": CODE_WORDS}
# What every pattern of the tables matches, in ASCII as far as it can be.
MATCHES = [vocabulary.in_ascii for vocabulary in VOCABULARIES.values()] + [
    *SHARES.values(),
    *(shape.pattern for shape in (*REPEATED.values(), *FOUND.values())),
]
ASCII = st.characters(max_codepoint=127)
PIECES = st.one_of(
    st.sampled_from(MATCHES).flatmap(lambda pattern: st.from_regex(pattern, fullmatch=True)),
    st.text(ASCII, max_size=5),
)
TEXTS = st.lists(st.tuples(PIECES, st.sampled_from(("", " ", "\n", "-", "_"))).map("".join), max_size=8).map("".join)


def measured(text: str) -> dict[str, float]:
    return dict(zip(SURFACE_NAMES, surface_features(text), strict=True))


@given(st.text(max_size=300))
def test_every_text_gives_finite_numbers_that_are_not_negative(text: str) -> None:
    values = surface_features(text)
    assert len(values) == len(SURFACE_NAMES)
    assert all(math.isfinite(value) and value >= 0 for value in values)


def test_scripts_are_told_apart() -> None:
    assert measured("Напиши стихотворение")["cyrillic"] > 0.5
    assert measured("写一首诗")["han"] == 1
    assert measured("اكتب قصيدة")["arabic"] > 0.5
    assert measured("plain words")["latin"] > 0.5


def test_code_shows_in_its_shape() -> None:
    code, prose = measured("def add(a, b):\n    return a + b\n```"), measured("Tell me of the sea.")
    for name in ("code_words", "indents", "code_fences", "calls", "lines"):
        assert code[name] > prose[name] == 0


def test_words_of_instruction_count_in_several_languages() -> None:
    for text in ("Summarize this", "Zusammenfassung bitte", "总结一下", "resumen del texto"):
        assert measured(text)["summarise"] > 0
    for text in ("Translate it", "Übersetze das", "翻译这句话", "переведи: перевод"):
        assert measured(text)["translate"] > 0


@given(st.lists(st.sampled_from(EXAMPLES) | st.text(st.characters(max_codepoint=127), max_size=3)))
def test_words_count_the_same_beside_a_sign_that_ascii_lacks(pieces: list[str]) -> None:
    text = " ".join(pieces)
    alone, beside = measured(text), measured(text + "\n٭")
    assert {name: alone[name] for name in WORD_NAMES} == {name: beside[name] for name in WORD_NAMES}


def test_a_question_is_seen_by_its_end_and_its_start() -> None:
    asked = measured("What is the capital of Peru?")
    assert asked["ends_asking"] == asked["starts_asking"] == 1
    assert measured("Name the capital of Peru.")["ends_asking"] == 0


def test_an_instruction_shows_at_the_end_where_it_stands() -> None:
    paste = "The river rose.\nIt fell again.\n"
    before, after = measured("Summarize this:\n" + paste), measured(paste + "Summarize this.")
    assert before["first_summarise"] > before["last_summarise"] == 0
    assert after["last_summarise"] > after["first_summarise"] == 0
    assert before["summarise"] == after["summarise"]


def test_a_cue_to_answer_shows_at_the_end() -> None:
    assert measured("Great film.\nSentiment:")["ends_cue"] == 1
    assert measured("Sentiment: mixed.\nGreat film.")["ends_cue"] == 0


def as_the_patterns_say(text: str) -> dict[str, float]:
    """All but lengths, and words in the first and the last line, from the tables' patterns without any short cut."""
    text = text.lower()
    counts = {"words": r"\w+", "code_words": CODE_WORDS.everywhere}
    counts |= {name: shape.pattern for name, shape in REPEATED.items()}
    counts |= {name: vocabulary.everywhere for name, vocabulary in INSTRUCTIONS.items()}
    found = {name: shape.pattern for name, shape in FOUND.items()}
    found |= {name: vocabulary.everywhere for name, vocabulary in FOUND_PHRASES.items()}
    return {
        **{name: len(re.findall(kind, text)) / max(len(text), 1) for name, kind in (SHARES | SCRIPTS).items()},
        **{name: math.log1p(len(re.findall(pattern, text))) for name, pattern in counts.items()},
        **{name: float(re.search(pattern, text) is not None) for name, pattern in found.items()},
    }


@given(TEXTS)
def test_every_text_is_measured_as_the_patterns_say(text: str) -> None:
    values, expected = measured(text), as_the_patterns_say(text)
    assert {name: values[name] for name in expected} == expected


@given(TEXTS)
def test_a_line_is_measured_as_it_is_by_itself(text: str) -> None:
    first, last = "How many apples?", "Tell me:"
    values = measured(f"{first}\n{text}\n{last}")
    for name in ("characters", "ends_asking", "ends_colon", "ends_cue", *INSTRUCTIONS):
        assert values[f"first_{name}"] == measured(first)[name]
        assert values[f"last_{name}"] == measured(last)[name]


@pytest.mark.parametrize("vocabulary", VOCABULARIES.values(), ids=VOCABULARIES)
def test_words_are_written_out_or_stems(vocabulary: Vocabulary) -> None:
    for words in filter(None, (vocabulary.words, vocabulary.in_phrases)):
        assert all(re.fullmatch(r"\w+(\\w[*+])?", word) for word in words.split("|"))
    assert bool(vocabulary.in_phrases) == bool(vocabulary.phrases)
