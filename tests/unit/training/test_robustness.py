from collections.abc import Mapping
from random import Random

import pytest
from pointsman.adapters.seed_registry import read_seed_registry
from pointsman.domain.features import Reading

from training.data.perturbations import CONFOUNDERS, PERTURBATIONS, drop_punctuation, make_typos
from training.evaluation.robustness import Plain, as_request, read_plain, read_reworded, report_robustness

TEXT = "Write a short poem about rivers, please."
PLAIN = Plain(TEXT)
REWORDED = {"paraphrase": [(PLAIN, Plain("A short poem on rivers, if you please."))]}


class Reader:
    """Reads a task and a difficulty off a word: enough to flip the one, the other, or both."""

    sha256 = "0" * 64
    labels = ("chat_qa", "creative_writing")
    is_degraded = False
    media_thresholds_milli: Mapping[str, int] = {}

    def __init__(self, *, fooled: bool) -> None:
        self._fooled = fooled

    def read(self, text: str) -> Reading:
        is_attacked = self._fooled and any(text.startswith(prefix) for prefix in CONFOUNDERS)
        return Reading(
            task_milli=(900, 100) if is_attacked else (100, 900),
            discrimination_milli=(8000,) * 8 if is_attacked else (10,) * 8,
            difficulty_milli=0,
            log_length_milli=(3000, 4000, 5000),
            ood_milli=0,
        )


@pytest.mark.parametrize("name", PERTURBATIONS)
def test_a_perturbation_changes_the_text_the_same_way_for_one_seed(name: str) -> None:
    change = PERTURBATIONS[name]
    assert change(TEXT, Random(1)) == change(TEXT, Random(1)) != TEXT


def test_typos_are_few() -> None:
    changed = make_typos(TEXT * 5, Random(2))
    assert abs(len(changed) - len(TEXT * 5)) <= 5
    assert make_typos("7 + 5", Random(2)) == "7 + 5"


def test_numbers_and_code_keep_their_points() -> None:
    assert drop_punctuation("a.b(1.5), ok.", Random(0)) == "a.b(1.5) ok"


def test_a_steady_reader_never_flips() -> None:
    report = report_robustness(Reader(fooled=False), read_seed_registry(), [PLAIN], REWORDED)
    assert {*PERTURBATIONS, "paraphrase"} == report.keys()
    assert all(
        shares[name] == 0 for shares in report.values() for name in ("task_flips", "choice_flips", "escalations")
    )


def test_a_fooled_reader_flips_under_attack_alone() -> None:
    report = report_robustness(Reader(fooled=True), read_seed_registry(), [PLAIN], REWORDED)
    assert report["confounder"]["task_flips"] == 1
    assert report["typos"]["task_flips"] == 0


def test_reworded_pairs_are_pairs() -> None:
    for pairs in read_reworded().values():
        assert len(pairs) >= 30
        assert all(one != other for one, other in pairs)


def test_what_is_asked_about_comes_with_the_request() -> None:
    request = as_request(Plain("Who is this?", frozenset({"text", "image"})))
    assert [part.kind for part in request.media] == ["image"]
    assert as_request(Plain("Set an alarm.", frozenset({"tools"}))).tools
    assert {"image", "audio", "video", "tools", "text"} == frozenset().union(*(prompt.given for prompt in read_plain()))
