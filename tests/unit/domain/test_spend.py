"""Sums of what was spent: each entry counts once, in whatever pieces and however often it is told."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from pointsman.domain.documents.spend import decode_page, encode_page
from pointsman.domain.spend import Entry, Numbered, Page, Spent, count_entries, sum_by_model, sum_up

DAY = date(2026, 11, 27)
entries = st.builds(
    Entry,
    st.just("web"),
    st.just(DAY),
    st.sampled_from(["acme/a", "acme/b"]),
    st.sampled_from(["math", "chat_qa"]),
    st.builds(Spent, st.just(1), st.decimals(0, 9, places=6), st.decimals(-9, 9, places=6)),
)
streams = st.dictionaries(st.sampled_from(["shard-1", "shard-2"]), st.lists(entries, max_size=12))


@st.composite
def told_again(draw: st.DrawFn) -> tuple[list[Entry], list[tuple[str, list[Numbered]]]]:
    """Entries of several sequences, and batches in which each comes in order at first and at any time again."""
    sequences = {
        name: [Numbered(10 * place, entry) for place, entry in enumerate(found)]
        for name, found in draw(streams).items()
    }
    batches: list[tuple[str, list[Numbered]]] = []
    reached = dict.fromkeys(sequences, 0)
    while unfinished := [name for name, found in sequences.items() if reached[name] < len(found)]:
        name = draw(st.sampled_from(unfinished))
        start = draw(st.integers(0, reached[name]))
        end = draw(st.integers(start, len(sequences[name])))
        batches.append((name, sequences[name][start:end]))
        reached[name] = max(reached[name], end)
    every = [numbered.entry for found in sequences.values() for numbered in found]
    return every, batches


@given(told_again())
def test_each_entry_counts_once_however_it_is_told(
    told: tuple[list[Entry], list[tuple[str, list[Numbered]]]],
) -> None:
    every, batches = told
    page = Page()
    for sequence, batch in batches:
        page = count_entries(page, sequence, batch)
    assert sum(page.lines.values(), Spent()) == sum_up(every)
    for model, spent in sum_by_model(every).items():
        assert sum((one for (of_model, _), one in page.lines.items() if of_model == model), Spent()) == spent
    assert decode_page(encode_page(page)) == page


def test_a_batch_that_is_known_changes_nothing() -> None:
    entry = Entry("web", DAY, "acme/a", "math", Spent(1, Decimal("0.01")))
    page = count_entries(Page(), "shard-1", [Numbered(5, entry)])
    assert count_entries(page, "shard-1", [Numbered(5, entry), Numbered(4, entry)]) is page
    assert count_entries(page, "shard-2", [Numbered(5, entry)]) is not page
