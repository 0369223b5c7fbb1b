"""Audit records that a table did not take, as lines of a log, and back again."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

MARK = "AUDIT "


def format_audit_line(document: Mapping[str, Any]) -> str:
    return MARK + json.dumps(document, separators=(",", ":"))


def read_audit_lines(lines: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    """The records in a log, whatever stands before the mark on a line."""
    for line in lines:
        _, mark, document = line.partition(MARK)
        if mark:
            yield json.loads(document)
