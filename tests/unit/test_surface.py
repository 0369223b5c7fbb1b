import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pointsman.domain.surface import SURFACE_NAMES, surface_features
from pointsman.domain.surface_shapes import FOUND, REPEATED, SHARES
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
SHAPES = {**REPEATED, **FOUND}
# What is looked for, by the name of what it measures.
PATTERNS = (
    SHARES
    | {name: shape.pattern for name, shape in SHAPES.items()}
    | {kind: vocabulary.everywhere for kind, vocabulary in VOCABULARIES.items()}
    | {"words": r"\w+"}
)
ASCII = st.characters(max_codepoint=127)


def texts_with(*patterns: str) -> st.SearchStrategy[str]:
    """Texts in ASCII of matches of these patterns, which stand between anything and beside each other."""
    match = st.sampled_from(patterns).flatmap(lambda one: st.from_regex(one, fullmatch=True, alphabet=ASCII))
    border = st.sampled_from((" ", "\n", "-", "_", ""))
    return st.lists(match | border | st.text(ASCII, max_size=3), min_size=1, max_size=6).map("".join)


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


def as_the_pattern_says(name: str, text: str) -> float:
    """What the name measures of the whole text, without any short cut."""
    text = text.lower()
    matches = [match.group() for match in re.finditer(PATTERNS[name], text)]
    if name in SHARES:
        return len(matches) / max(len(text), 1)
    return float(bool(matches)) if name in FOUND or name in FOUND_PHRASES else math.log1p(len(matches))


@pytest.mark.parametrize("name", PATTERNS)
@settings(max_examples=30)
@given(data=st.data())
def test_text_in_ascii_is_measured_as_the_pattern_says(name: str, data: st.DataObject) -> None:
    vocabulary = VOCABULARIES.get(name)
    own = filter(None, (vocabulary.words, vocabulary.phrases)) if vocabulary else (PATTERNS[name],)
    text = data.draw(texts_with(*own))
    assert measured(text)[name] == as_the_pattern_says(name, text)


@given(texts_with(*PATTERNS.values()) | st.text())
def test_a_text_of_anything_is_measured_as_the_patterns_say(text: str) -> None:
    values = measured(text)
    assert {name: values[name] for name in PATTERNS} == {name: as_the_pattern_says(name, text) for name in PATTERNS}


@given(texts_with(*PATTERNS.values()))
def test_a_line_is_measured_as_it_is_by_itself(text: str) -> None:
    first, last = "How many apples?", "Tell me:"
    values = measured(f"{first}\n{text}\n{last}")
    for name in ("characters", "ends_asking", "ends_colon", "ends_cue", *INSTRUCTIONS):
        assert values[f"first_{name}"] == measured(first)[name]
        assert values[f"last_{name}"] == measured(last)[name]


@pytest.mark.parametrize("ending", ["", "est"])
@pytest.mark.parametrize("kind", INSTRUCTIONS)
def test_each_word_and_phrase_counts_and_no_longer_one(kind: str, ending: str) -> None:
    vocabulary = INSTRUCTIONS[kind]
    alternatives = "|".join(filter(None, (vocabulary.words, vocabulary.phrases)))
    for said in alternatives.replace(r"\w*", ending).replace(r"\w+", "s").replace("\\", "").split("|"):
        text = f"{said} {said}1"
        assert measured(text)[kind] == as_the_pattern_says(kind, text) > 0


@pytest.mark.parametrize("vocabulary", VOCABULARIES.values(), ids=VOCABULARIES)
def test_words_are_written_out_or_stems(vocabulary: Vocabulary) -> None:
    for words in filter(None, (vocabulary.words, vocabulary.in_phrases)):
        assert all(re.fullmatch(r"\w+(\\w[*+])?", word) for word in words.split("|"))
    assert bool(vocabulary.in_phrases) == bool(vocabulary.phrases)
