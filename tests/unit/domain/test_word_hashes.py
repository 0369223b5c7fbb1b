from hypothesis import given
from hypothesis import strategies as st
from pointsman.domain.word_hashes import HEAD_WORDS, START, TAIL_WORDS, WORD_BUCKETS, word_hashes


@given(st.text(max_size=200))
def test_every_text_gives_buckets_and_at_least_the_start(text: str) -> None:
    hashed = word_hashes(text)
    assert hashed[0] == START
    assert all(0 <= number < WORD_BUCKETS for number in hashed)


def test_case_and_punctuation_do_not_matter() -> None:
    assert word_hashes("Write, a POEM!") == word_hashes("write a poem")


def test_vowel_signs_belong_to_their_word() -> None:
    assert len(word_hashes("कल सुबह अलार्म लगाओ")) == 1 + 4
    assert word_hashes("कि") != word_hashes("की")


def test_a_long_text_keeps_the_words_at_its_ends() -> None:
    words = [f"w{number}" for number in range(HEAD_WORDS + TAIL_WORDS + 50)]
    kept = word_hashes(" ".join(words))
    assert kept == word_hashes(" ".join([*words[:HEAD_WORDS], *words[-TAIL_WORDS:]]))
    assert len(kept) == 1 + HEAD_WORDS + TAIL_WORDS


def test_half_a_surrogate_pair_is_a_word_like_any_other() -> None:
    assert len(word_hashes(b"\\ud83d".decode("unicode_escape"))) == 2
