"""What stands in for the meta-model makes the safe default serve, and says that it stands in."""

import pytest
from pointsman.adapters.structural_meta_model import StructuralMetaModel
from pointsman.domain.decision import decide

from tests.fakes import make_card, make_features, make_situation


@pytest.mark.parametrize("text", ["", "Prove that there are infinitely many primes.", "x" * 100_000])
def test_every_prompt_is_unlike_anything_known(text: str) -> None:
    model = StructuralMetaModel()
    reading = model.read(text)
    assert reading.ood_milli == 1000
    assert len(reading.task_milli) == len(model.labels) == 0
    assert list(reading.log_length_milli) == sorted(reading.log_length_milli)
    assert model.is_degraded


def test_the_safe_default_serves_though_a_cheaper_and_abler_model_is_there() -> None:
    model = StructuralMetaModel()
    features = make_features(
        reading=model.read("x"), task_labels=model.labels, meta_model_sha256=model.sha256, degraded=model.is_degraded
    )
    cards = [make_card("cheap", ability=5000, usd="0.1"), make_card("safe", ability=0, usd="5")]
    decision = decide(make_situation(cards, features=features, policy={"safe_default": "acme/safe"}))
    assert decision.chosen.candidate.id == "acme/safe"
    assert decision.confidence == "low"
