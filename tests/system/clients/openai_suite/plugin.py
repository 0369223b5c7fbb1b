"""A plugin of pytest for openai-python's own tests against Pointsman: our key, and what is not served here.

A test is not applicable where it asks no server, or where a row of exceptions.toml has it: then it has to be refused
with that row's very error. The last line says how many passed, failed and were not applicable.
"""

import json
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

ROWS: Any = tomllib.loads(Path(__file__).with_name("exceptions.toml").read_text())["not_applicable"]
ROW = pytest.StashKey[dict[str, Any]]()
NEVER_ASKS = "answered by the SDK itself or by a mock in the test: no server is asked"


def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    sys.modules["tests.conftest"].api_key = "dev"  # type: ignore[attr-defined]
    unused = {pattern for row in ROWS for pattern in row["tests"]}
    for item in items:
        if "respx2_mock" in item.fixturenames or item.name.startswith("test_path_params"):
            item.add_marker(pytest.mark.skip(reason=NEVER_ASKS))
            continue
        for row, pattern in _matching(item.nodeid.removeprefix("tests/api_resources/")):
            item.stash[ROW] = row
            unused.discard(pattern)
    if unused:
        raise pytest.UsageError(f"no test is called {', '.join(sorted(unused))}")


def _matching(name: str) -> Iterator[tuple[dict[str, Any], str]]:
    return ((row, pattern) for row in ROWS for pattern in row["tests"] if fnmatchcase(name, pattern))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Function, call: pytest.CallInfo[None]) -> Any:
    report = yield
    row = item.stash.get(ROW, None)
    if row is not None and call.when == "call":
        raised = call.excinfo.value if call.excinfo else None
        told = f"{type(raised).__name__} {getattr(raised, 'status_code', '')}"
        as_said = told == row["error"]
        report.outcome = "skipped" if as_said else "failed"
        report.longrepr = (item.nodeid, 0, row["reason"]) if as_said else f"not {row['error']} but {told}"
    return report


def pytest_terminal_summary(terminalreporter: Any) -> None:
    told = terminalreporter.stats
    skipped = [report.longrepr[2].removeprefix("Skipped: ") for report in told.get("skipped", ())]
    terminalreporter.write_line("")
    for reason, count in Counter(skipped).most_common():
        terminalreporter.write_line(f"not applicable {count:4}: {reason}")
    failed = len(told.get("failed", ())) + len(told.get("error", ()))
    counts = {"passed": len(told.get("passed", ())), "failed": failed, "not_applicable": len(skipped)}
    terminalreporter.write_line(json.dumps(counts))
