"""Dashboard, alarms, objectives and saved queries name only what the meter really emits."""

import json
import re
from collections.abc import Iterator
from typing import Any, cast

import pytest
from pointsman.adapters.audit_lines import format_audit_line
from pointsman.adapters.emf_meter import count_edits, count_prices

from local.sam_template import functions, resources, with_parameters
from tests.fakes import HELLO
from tests.unit.adapters.test_emf_meter import declared, make_record, meter

NAMESPACE = "Pointsman/${AWS::StackName}"
SEARCH = re.compile(r"SEARCH\('\{\"([^\"]+)\",([a-z_,]+)\} MetricName=\"(\w+)\"', '(?:Sum|Average|p\d\d)', \d+\)")
# The words of a query of the log: names of fields, what stands for a result, and the language's own.
TEXTS = re.compile(r"\"[^\"]*\"|'[^']*'|/[^/]*/")
NAMED = re.compile(r"[A-Za-z_@][\w@]*(?:\.\d+)?")
ALIAS = re.compile(r"\bas (\w+)")
INSIGHTS = {"SOURCE", "filter", "fields", "stats", "sort", "limit", "by", "as", "and", "like", "desc"} | {
    *("ispresent", "sum", "avg", "@timestamp", "@message"),
}


@pytest.fixture
def line(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """What the meter writes of an answered request: every metric and every field."""
    return meter(make_record(*HELLO), capsys)


@pytest.fixture
def widgets(template: dict[str, Any]) -> list[dict[str, Any]]:
    (dashboard,) = resources(template, "AWS::CloudWatch::Dashboard").values()
    return json.loads(dashboard["DashboardBody"]["Fn::Sub"])["widgets"]


def _named(widgets: list[dict[str, Any]]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Namespace, metric and dimensions of whatever the panels show."""
    for widget in widgets:
        before: list[Any] = []
        for row in widget["properties"].get("metrics", []):
            if isinstance(row[0], str):
                before = [before[place] if cell == "." else cell for place, cell in enumerate(row[:4])]
                yield before[0], before[1], (before[2],)
        for namespace, dimensions, metric in SEARCH.findall(json.dumps(widget).replace('\\"', '"')):
            yield namespace, metric, tuple(dimensions.split(","))


def _of_the_meter(value: Any) -> Iterator[dict[str, Any]]:
    """Every description of one metric of ours, however deep in alarms and objectives."""
    if isinstance(value, list):
        for inner in cast(list[Any], value):
            yield from _of_the_meter(inner)
    if isinstance(value, dict):
        mapping = cast(dict[str, Any], value)
        yield from _of_the_meter(list(mapping.values()))
        if mapping.get("Namespace") == {"Fn::Sub": NAMESPACE}:
            yield mapping


def test_panels_name_only_what_the_meter_emits(widgets: list[dict[str, Any]], line: dict[str, Any]) -> None:
    dimensions, units = declared(line)
    emitted = {("service",), *(("service", name) for name in dimensions)}
    named = list(_named(widgets))
    assert len(named) >= 20
    for namespace, metric, series in named:
        assert namespace == NAMESPACE
        assert metric in units
        assert series in emitted


def test_no_search_of_a_panel_is_written_in_another_form(widgets: list[dict[str, Any]]) -> None:
    rows: list[Any] = [row for widget in widgets for row in widget["properties"].get("metrics", [])]
    written: list[str] = [row[-1]["expression"] for row in rows if len(row) == 1]
    searches = [expression for expression in written if "SEARCH" in expression]
    assert searches
    assert all(SEARCH.fullmatch(expression) for expression in searches)


def test_alarms_and_objectives_name_only_what_the_meter_emits(
    written_template: dict[str, Any], line: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    count_edits("Test", "edits", adopted=0, rejected=1)
    (edits,) = json.loads(capsys.readouterr().out)["_aws"]["CloudWatchMetrics"]
    count_prices("Test", "prices", changed=1, held=0)
    (prices,) = json.loads(capsys.readouterr().out)["_aws"]["CloudWatchMetrics"]
    emitted = {("router", metric) for metric in declared(line)[1]}
    emitted |= {("edits", metric["Name"]) for metric in edits["Metrics"]}
    emitted |= {("prices", metric["Name"]) for metric in prices["Metrics"]}
    named = list(_of_the_meter(written_template["Resources"]))
    assert len(named) >= 6
    for metric in named:
        (dimension,) = metric["Dimensions"]
        assert dimension["Name"] == "service"
        assert (dimension["Value"], metric["MetricName"]) in emitted


def test_the_functions_meter_under_the_name_that_is_watched(template: dict[str, Any]) -> None:
    for name, function in functions(template).items():
        variables = function["Environment"]["Variables"]
        assert variables["POWERTOOLS_METRICS_NAMESPACE"] == {"Fn::Sub": NAMESPACE}
        assert variables["POWERTOOLS_SERVICE_NAME"] == name.removesuffix("Function").lower()


def test_queries_ask_for_fields_that_the_meter_writes(
    template: dict[str, Any], widgets: list[dict[str, Any]], line: dict[str, Any]
) -> None:
    saved = [query["QueryString"] for query in resources(template, "AWS::Logs::QueryDefinition").values()]
    shown = [widget["properties"]["query"] for widget in widgets if widget["type"] == "log"]
    # Members of a list are fields of their own.
    fields = {f"{name}.0" if isinstance(value, list) else name for name, value in line.items()}
    for query in saved + shown:
        named = set(re.findall(NAMED, re.sub(TEXTS, "", query))) - INSIGHTS
        assert named <= fields | set(re.findall(ALIAS, query)), query
    assert len(saved) >= 4
    assert shown


def test_the_dashboard_shows_every_alarm(template: dict[str, Any], widgets: list[dict[str, Any]]) -> None:
    (panel,) = [widget for widget in widgets if widget["type"] == "alarm"]
    shown = {arn.removeprefix("${").removesuffix(".Arn}") for arn in panel["properties"]["alarms"]}
    assert shown == resources(template, "AWS::CloudWatch::Alarm").keys()
    assert len(shown) >= 9


def test_an_audit_record_that_only_the_log_took_sets_off_an_alarm(template: dict[str, Any]) -> None:
    (counted,) = resources(template, "AWS::Logs::MetricFilter").values()
    # Quoted, a pattern is found anywhere in a line, as it stands.
    assert counted["FilterPattern"].strip('"') in format_audit_line({"id": "gen-1"})
    assert counted["LogGroupName"] == {"Ref": "RouterLogGroup"}
    (metric,) = counted["MetricTransformations"]
    alarm = resources(template, "AWS::CloudWatch::Alarm")["AuditInLogAlarm"]
    assert (alarm["Namespace"], alarm["MetricName"]) == (metric["MetricNamespace"], metric["MetricName"])
    assert "Dimensions" not in alarm


def test_every_alarm_tells_the_topic_where_one_is_named(written_template: dict[str, Any]) -> None:
    for topic, actions in (("arn:aws:sns:eu-west-1:123456789012:ops", [{"Ref": "AlarmTopicArn"}]), ("", None)):
        template = with_parameters(written_template, AlarmTopicArn=topic)
        alarms = resources(template, "AWS::CloudWatch::Alarm")
        assert {name for name, alarm in alarms.items() if alarm.get("AlarmActions") != actions} == set()


def test_panels_do_not_overlap(widgets: list[dict[str, Any]]) -> None:
    cells = [
        (column, row)
        for widget in widgets
        for column in range(widget["x"], widget["x"] + widget["width"])
        for row in range(widget["y"], widget["y"] + widget["height"])
    ]
    assert len(cells) == len(set(cells))
    assert max(column for column, _ in cells) < 24
