"""The local dashboard counts metric lines as CloudWatch does, for the panels that the template holds."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from local.dashboard.body import NAMESPACE, dashboard_widgets
from local.dashboard.drawing import draw
from local.dashboard.log_table import tabulate
from local.dashboard.metric_lines import Query, read_lines, series, spans_of
from local.dashboard.panels import fill

ROOT = Path(__file__).parents[3]
SERIES = [["service"], ["service", "model"], ["service", "objective"], ["service", "outcome"]]


def line(second: int, model: str, **metrics: float) -> dict[str, Any]:
    declared = [{"Name": name, "Unit": "None"} for name in metrics]
    directive = {"Namespace": NAMESPACE, "Dimensions": SERIES, "Metrics": declared}
    fields = {"service": "router", "model": model, "objective": "cost", "outcome": "answered", "task": "chat_qa"}
    values = {name: [value] for name, value in metrics.items()}
    return {"_aws": {"Timestamp": second * 1000, "CloudWatchMetrics": [directive]}, **fields, **values}


LINES = [
    line(0, "acme/a", Requests=1, CostUsd=1, SavedUsd=3, Latency=100),
    line(10, "acme/b", Requests=1, CostUsd=1, SavedUsd=1, Latency=300),
]


def test_metric_lines_are_found_among_other_words_of_a_log() -> None:
    log = "\n".join(["INFO: started", *(json.dumps(written) for written in LINES), "bye"])
    assert read_lines(log) == LINES


@pytest.mark.parametrize(("stat", "expected"), [("Sum", 400), ("Average", 200), ("Maximum", 300), ("p50", 200)])
def test_statistics_are_over_all_of_a_span(stat: str, expected: float) -> None:
    query = Query(NAMESPACE, "Latency", stat)
    assert series(LINES, query, spans_of(LINES, 1)) == {"": [expected]}


def test_each_value_of_a_dimension_is_a_series_with_gaps() -> None:
    found = series(LINES, Query(NAMESPACE, "Latency", "p99", "model"), spans_of(LINES, 2))
    assert (found["acme/a"][0], found["acme/b"][1]) == (100, 300)
    assert math.isnan(found["acme/a"][1])


def test_a_dimension_that_is_not_declared_has_no_series() -> None:
    assert series(LINES, Query(NAMESPACE, "Latency", "p99", "task"), spans_of(LINES, 2)) == {}


def test_the_saving_is_reckoned_as_the_dashboard_says() -> None:
    glance = dashboard_widgets(ROOT / "template.yaml")[0]
    curves = fill(glance, LINES).curves
    assert (curves["requests"], curves["cost, USD"]) == ([2], [2])
    assert curves["saved against the best single model, %"] == [pytest.approx(100 * 4 / 6)]
    assert "Failures" not in curves


def test_an_expression_that_is_not_arithmetic_is_refused() -> None:
    widget = {"properties": {"metrics": [[{"expression": "FILL(m1, 0)", "label": "x"}]]}}
    with pytest.raises(ValueError, match="not arithmetic"):
        fill(widget, LINES)


def test_a_query_of_the_log_is_a_table_by_groups() -> None:
    query = "SOURCE 'x' | stats sum(Requests.0) as requests, avg(CostUsd.0) as usd by task, model | sort requests desc"
    table = tabulate(query, [*LINES, LINES[1]], most=1)
    assert table.columns == ("task", "model", "requests", "usd")
    assert table.rows == (("chat_qa", "acme/b", "2", "1"),)


def test_every_panel_of_the_template_can_be_drawn(tmp_path: Path) -> None:
    picture = tmp_path / "dashboard.png"
    draw(dashboard_widgets(ROOT / "template.yaml"), LINES, picture)
    assert picture.read_bytes().startswith(b"\x89PNG")
