"""Every provider of the catalog: what we send it and what we make of its answers."""

from collections.abc import Sequence

import pytest

from tests.conformance.committed_fixtures import Fixture, committed_fixtures, perform
from tests.conformance.replaying import CATALOG

FIXTURES: Sequence[Fixture] = tuple(committed_fixtures())


@pytest.mark.parametrize("row", sorted(CATALOG))
def test_every_row_has_a_fixture_that_answers(row: str) -> None:
    assert [fixture for fixture in FIXTURES if fixture.row == row and "choices" in fixture.received]


def test_every_fixture_belongs_to_a_row() -> None:
    assert {fixture.row for fixture in FIXTURES} <= CATALOG.keys()


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda fixture: f"{fixture.row}/{fixture.name}")
def test_what_is_sent_and_received_is_as_written_down(fixture: Fixture) -> None:
    sent, received = perform(fixture)
    assert sent == fixture.sent
    assert received == fixture.received
