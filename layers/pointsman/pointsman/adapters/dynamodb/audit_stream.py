"""What the audit table's stream says was spent."""

from collections.abc import Mapping, Sequence
from typing import Any

from pointsman.adapters.dynamodb.tables import from_item
from pointsman.domain.documents.spend import TOLD_BY, read_entry
from pointsman.domain.spend import Numbered

StreamRecord = Mapping[str, Any]


def read_entries(records: Sequence[StreamRecord]) -> list[Numbered]:
    """What newly written audit records add to the spend; changed and expired ones add nothing."""
    return [numbered for record in records if (numbered := _read(record)) is not None]


def _read(record: StreamRecord) -> Numbered | None:
    if record["eventName"] != "INSERT":
        return None
    image = record["dynamodb"]["NewImage"]
    entry = read_entry(from_item({name: image[name] for name in TOLD_BY if name in image}))
    return entry and Numbered(int(record["dynamodb"]["SequenceNumber"]), entry)
