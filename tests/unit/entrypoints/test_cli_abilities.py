"""The commands on abilities as an operator types them, on a registry in memory."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pointsman.bootstrap.abilities import AbilityDesk
from pointsman.domain.ability import AbilityItem, AbilityItems, AbilityPrior
from pointsman.domain.features import Reading
from pointsman.domain.feedback import MOST_OF_CALLERS
from pointsman.domain.model_card import Evidence
from pointsman.entrypoints.cli import main
from typer.testing import CliRunner, Result

from tests.fakes import LABELS, SHA, TODAY, InMemoryRegistryStore, make_card, make_registry

PRIOR = AbilityPrior(mean=(0.5,), sd=(1.0,))
ITEMS = AbilityItems(
    SHA, {"exam": AbilityItem((1.0,), 0.0, 0.5)}, dict.fromkeys(("flagship", "main", "mid", "mini"), PRIOR)
)
TESTED = make_card("tested", evidence=(Evidence("exam", "accuracy", 0.9, TODAY, "test"),))


@dataclass(frozen=True, slots=True)
class LengthReader:
    """Reads a longer text as a harder one, and keeps what it was given."""

    read_texts: list[str] = field(default_factory=list[str])
    sha256: str = SHA
    labels: tuple[str, ...] = LABELS
    is_degraded: bool = False
    media_thresholds_milli: Mapping[str, int] = field(default_factory=dict[str, int])

    def read(self, text: str) -> Reading:
        self.read_texts.append(text)
        return Reading((800, 200), (1000,), 10 * len(text), (3000, 5000, 6000), 100)


@dataclass(frozen=True, slots=True)
class GradedTrail:
    """Implements AuditTrail on records that callers graded."""

    records: list[Mapping[str, Any]] = field(default_factory=list[Mapping[str, Any]])

    def newest(self, most: int) -> Sequence[Mapping[str, Any]]:
        return self.records[:most]

    def graded(self) -> Sequence[Mapping[str, Any]]:
        return self.records

    def add(self, number: int, score_milli: int, *, sha: str = SHA, model: str = "acme/new") -> None:
        features = {"reading": {"discrimination_milli": [1000], "difficulty_milli": 0}, "meta_model_sha256": sha}
        feedback = {"score_milli": score_milli, "at": "2026-11-27T12:00:00+00:00"}
        self.records.append(
            {"id": f"gen-{number}", "model": model, "feedback": feedback, "situation": {"features": features}}
        )


@dataclass(frozen=True, slots=True)
class Console:
    store: InMemoryRegistryStore
    reader: LengthReader
    trail: GradedTrail = field(default_factory=lambda: GradedTrail())

    def run(self, *arguments: str, expect: int = 0) -> Result:
        desk = AbilityDesk(lambda: self.store, ITEMS, lambda: self.reader, lambda: TODAY, lambda: self.trail)
        result = CliRunner().invoke(main, ["registry", *arguments], obj=desk)
        assert result.exit_code == expect, result.output
        return result

    def json(self, *arguments: str) -> Any:
        return json.loads(self.run(*arguments, "--json").stdout)


@pytest.fixture
def console() -> Console:
    return Console(InMemoryRegistryStore(make_registry([TESTED, make_card("new")])), LengthReader())


@pytest.fixture
def write_pool(tmp_path: Path) -> Callable[..., str]:
    def write(*rows: Any, name: str = "pool.jsonl") -> str:
        file = tmp_path / name
        file.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows))
        return str(file)

    return write


ROWS = [{"id": f"p{number}", "text": "why " * number} for number in range(1, 9)]


def test_calibrate_shows_what_changes_and_writes_nothing(console: Console) -> None:
    before = console.store.registry
    said = console.run("calibrate").output
    assert "1.000 -> 0.500" in said
    assert "no evidence: prior of main" in said
    assert "1 scores" in said
    assert "2 of 2 abilities change" in said
    assert console.store.registry is before


def test_calibrate_applies_once(console: Console) -> None:
    first = console.json("calibrate", "--apply")
    assert (first["applied"], first["version"]) == (True, 2)
    assert [(row["basis"], row["changed"]) for row in first["models"]] == [("evidence", True), ("class_prior", True)]
    again = console.json("calibrate", "--apply")
    assert again["version"] is None
    assert not any(row["changed"] for row in again["models"])


def test_callers_grades_are_evidence_only_where_asked_for_shown_first_and_counted_once(console: Console) -> None:
    console.run("calibrate", "--apply")
    for number in range(20):
        console.trail.add(number, 1000)
    console.trail.add(99, 1000, sha="of another meta-model")
    console.trail.add(98, 1000, model="acme/gone")
    assert not any(row["changed"] for row in console.json("calibrate")["models"])
    before = console.store.registry
    shown = {row["id"]: row for row in console.json("calibrate", "--feedback")["models"]}
    assert console.store.registry is before
    new = shown["acme/new"]
    assert (new["changed"], new["answers"], shown["acme/tested"]["changed"]) == (True, 20, False)
    assert new["after"]["general"] > new["before"]["general"]
    assert console.json("calibrate", "--feedback", "--apply")["version"] is not None
    assert console.json("calibrate", "--feedback", "--apply")["version"] is None
    assert console.store.registry is not None
    (grading,) = next(card for card in console.store.registry.cards if card.id == "acme/new").gradings
    assert len(grading.answers) == 20


def test_of_many_grades_the_newest_are_kept(console: Console) -> None:
    for number in range(1000, 1000 + MOST_OF_CALLERS + 10):
        console.trail.add(number, number % 1000)
    console.run("calibrate", "--feedback", "--apply")
    assert console.store.registry is not None
    (grading,) = next(card for card in console.store.registry.cards if card.id == "acme/new").gradings
    assert [answer.prompt_id for answer in grading.answers][:2] == ["gen-1010", "gen-1011"]
    assert len(grading.answers) == MOST_OF_CALLERS


def test_the_packed_seed_needs_no_table_and_cannot_be_applied(console: Console) -> None:
    # The seed's own abilities belong to the shipped meta-model, whose dimensions the fake's items do not share.
    console.store.registry = None
    assert "registry seed" in console.run("calibrate", expect=1).stderr
    assert len(console.json("calibrate", "--packed")["models"]) > 50
    assert "--apply" in console.run("calibrate", "--packed", "--apply", expect=1).stderr


def test_onboarding_goes_from_prompt_to_grade_to_prompt(console: Console, write_pool: Callable[..., str]) -> None:
    pool = write_pool(*ROWS)
    asked = console.json("onboard", "next", "acme/new", "--pool", pool, "--count", "2")
    assert [set(row) for row in asked["next"]] == [{"id", "text"}] * 2
    first = asked["next"][0]["id"]
    graded = console.json("onboard", "grade", "acme/new", first, "0.75", "--pool", pool)
    assert (graded["answers"], graded["left"], graded["verdict"]) == (1, 7, "go_on")
    before, after = (found["pool_quality"] for found in (asked["status"], graded))
    assert after["high"] - after["low"] < before["high"] - before["low"]
    assert console.json("onboard", "status", "acme/new", "--pool", pool) == graded
    left = console.json("onboard", "next", "acme/new", "--pool", pool, "--count", "99")["next"]
    assert first not in [row["id"] for row in left]


def test_people_see_tables(console: Console, write_pool: Callable[..., str]) -> None:
    pool = write_pool(*ROWS)
    assert "why why" in console.run("onboard", "next", "acme/new", "--pool", pool, "--count", "8").output
    said = console.run("onboard", "grade", "acme/new", "p1", "1", "--pool", pool).output
    assert "1, 7 prompts left" in said
    assert "go on" in said


def test_a_pool_read_once_needs_no_text_and_no_meta_model(
    console: Console, write_pool: Callable[..., str], tmp_path: Path
) -> None:
    pool, numbers = write_pool(*ROWS), str(tmp_path / "numbers.jsonl")
    console.run("onboard", "read", numbers, "--pool", pool)
    assert "why" not in Path(numbers).read_text()
    seen = len(console.reader.read_texts)
    with_numbers = console.json("onboard", "status", "acme/new", "--pool", numbers)
    assert len(console.reader.read_texts) == seen
    assert with_numbers == console.json("onboard", "status", "acme/new", "--pool", pool)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("not json", "pool.jsonl:1: is not JSON"),
        ([], "pool.jsonl:1: : must be an object"),
        ({"text": "why"}, "pool.jsonl:1: id: is missing"),
        ({"id": " ", "text": "why"}, "pool.jsonl:1: id: must not be empty"),
        ({"id": 7, "text": "why"}, "pool.jsonl:1: id: must be text"),
        ({"id": "p", "text": " "}, "pool.jsonl:1: text: must hold the prompt"),
        ({"id": "p", "text": "why", "b_milli": 0}, "pool.jsonl:1: b_milli: stands beside a text"),
        ({"id": "p", "a_milli": [1], "b_milli": 0}, "pool.jsonl:1: meta_model_sha256: is missing"),
        ({"id": "p", "a_milli": [1], "meta_model_sha256": SHA}, "pool.jsonl:1: b_milli: is missing"),
        ({"id": "p", "a_milli": [0.5], "b_milli": 0, "meta_model_sha256": SHA}, "a_milli[0]: must be a whole number"),
        ({"id": "p", "a_milli": [1], "b_milli": 0, "meta_model_sha256": "old"}, "p: meta_model_sha256: is another"),
        ({"id": "p", "a_milli": [1, 2], "b_milli": 0, "meta_model_sha256": SHA}, "p: a_milli: must have 1 numbers"),
        ({"id": "p", "text": "why", "note": 1}, "pool.jsonl:1: note: no such field"),
    ],
)
def test_a_row_that_is_none_is_named_with_its_field(
    console: Console, write_pool: Callable[..., str], row: Any, said: str
) -> None:
    assert said in console.run("onboard", "status", "acme/new", "--pool", write_pool(row), expect=1).stderr


def test_a_pool_without_prompts_or_with_twins_is_refused(console: Console, write_pool: Callable[..., str]) -> None:
    empty = console.run("onboard", "status", "acme/new", "--pool", write_pool(""), expect=1)
    assert "holds no prompt" in empty.stderr
    twins = console.run("onboard", "status", "acme/new", "--pool", write_pool(ROWS[0], ROWS[0]), expect=1)
    assert "id: 'p1' stands twice" in twins.stderr


@pytest.mark.parametrize(
    ("model", "prompt", "score", "said"),
    [
        ("acme/nobody", "p1", "1", "MODEL: the registry has no model 'acme/nobody'"),
        ("acme/new", "p99", "1", "PROMPT_ID: the pool has no prompt 'p99'"),
        ("acme/new", "p1", "1.5", "SCORE: must be from 0 to 1"),
        ("acme/new", "p1", "nan", "SCORE: must be from 0 to 1"),
    ],
)
def test_a_wrong_argument_is_named_and_nothing_is_kept(
    console: Console, write_pool: Callable[..., str], model: str, prompt: str, score: str, said: str
) -> None:
    before = console.store.registry
    result = console.run("onboard", "grade", model, prompt, score, "--pool", write_pool(*ROWS), expect=1)
    assert said in result.stderr
    assert console.store.registry is before
