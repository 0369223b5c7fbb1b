"""Spend as plain JSON data, and what an audit record adds to it. Money as strings."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from pointsman.domain.cost import format_usd
from pointsman.domain.spend import Entry, Page, Spent

# What of an audit record says what was spent.
TOLD_BY: Final = ("key_id", "created_at", "model", "task", "cost_usd", "saved_usd")


def read_entry(record: Mapping[str, Any]) -> Entry | None:
    """What an audit record adds; None where no model served."""
    if record.get("model") is None:
        return None
    spent = Spent(1, Decimal(record["cost_usd"]), Decimal(record.get("saved_usd") or 0))
    day = datetime.fromisoformat(record["created_at"]).date()
    return Entry(record["key_id"], day, record["model"], record.get("task") or "unknown", spent)


def encode_page(page: Page) -> dict[str, Any]:
    lines = [
        [model, task, spent.requests, format_usd(spent.usd), format_usd(spent.saved_usd)]
        for (model, task), spent in sorted(page.lines.items())
    ]
    # As text: a sequence number may have more digits than the table's numbers hold.
    return {"lines": lines, "seen": {sequence: str(number) for sequence, number in page.seen.items()}}


def decode_page(document: Mapping[str, Any]) -> Page:
    lines = {
        (model, task): Spent(int(requests), Decimal(usd), Decimal(saved_usd))
        for model, task, requests, usd, saved_usd in document["lines"]
    }
    return Page(lines, {sequence: int(number) for sequence, number in document["seen"].items()})
