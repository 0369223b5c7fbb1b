"""`pointsman usage` on a spend in memory: tables, JSON and a picture."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pointsman.domain.spend import Entry, Numbered, Spent
from pointsman.entrypoints.cli.program import main
from typer.testing import CliRunner, Result

from tests.fakes import InMemorySpendBook

ENTRIES = [
    Entry("web", date(2026, 11, 25), "acme/a", "math", Spent(2, Decimal("0.5"), Decimal("1.5"))),
    Entry("web", date(2026, 11, 26), "acme/b", "chat_qa", Spent(1, Decimal("0.25"), Decimal("-0.05"))),
    Entry("batch", date(2026, 11, 27), "acme/a", "chat_qa", Spent(4, Decimal(1), Decimal(3))),
]


def run(*arguments: str, book: InMemorySpendBook | None = None) -> Result:
    if book is None:
        book = InMemorySpendBook()
        for place, entry in enumerate(ENTRIES):
            book.count(entry.key_id, entry.day, "shard", [Numbered(place, entry)])
    return CliRunner().invoke(main, ["usage", "--until", "2026-11-27", *arguments], obj=book)


def test_sums_are_told_by_day_key_model_and_task() -> None:
    told = json.loads(run("--json").stdout)
    assert told["total"] == {
        "requests": 7,
        "usd": "1.75",
        "saved_usd": "4.45",
        "saved_share": pytest.approx(4.45 / 6.2),
    }
    assert list(told["by_day"]) == ["2026-11-25", "2026-11-26", "2026-11-27"]
    assert {name: row["usd"] for name, row in told["by_model"].items()} == {"acme/a": "1.5", "acme/b": "0.25"}
    assert {name: row["requests"] for name, row in told["by_task"].items()} == {"chat_qa": 5, "math": 2}
    assert {name: row["saved_usd"] for name, row in told["by_key"].items()} == {"batch": "3", "web": "1.45"}


def test_one_key_and_some_days_alone() -> None:
    assert json.loads(run("--json", "--key", "web").stdout)["total"]["usd"] == "0.75"
    assert json.loads(run("--json", "--since", "2026-11-26").stdout)["total"]["requests"] == 5
    assert json.loads(run("--json", "--since", "2026-11-27", "--key", "web").stdout)["total"]["saved_share"] is None


def test_people_see_tables() -> None:
    said = run().output
    for word in ("acme/a", "chat_qa", "batch", "2026-11-26", "71.8", "1.7500"):
        assert word in said


def test_the_picture_is_a_png_and_needs_something_to_draw(tmp_path: Path) -> None:
    path = tmp_path / "usage.png"
    assert run("--png", str(path)).exit_code == 0
    assert path.read_bytes().startswith(b"\x89PNG")
    empty = run("--png", str(tmp_path / "none.png"), "--key", "nobody")
    assert (empty.exit_code, "nothing to draw" in empty.stderr) == (1, True)


def test_days_in_the_wrong_order_are_named() -> None:
    ended = run("--since", "2026-11-28")
    assert (ended.exit_code, "--since" in ended.stderr) == (1, True)
