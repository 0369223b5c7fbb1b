"""What a preview foretells is what happens once the edit is made: the same decisions, and nearly the same cost."""

import pytest

from bench.preview import compare


def test_a_preview_foretells_the_decisions_and_the_cost() -> None:
    found = compare(300)
    assert found.foretold_share == pytest.approx(found.happened_share, abs=0.005)
    assert found.happened_share > 0.05
    # What single answers cost varies.
    assert float(found.foretold_usd) == pytest.approx(float(found.happened_usd), rel=0.05)
