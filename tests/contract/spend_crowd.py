"""What each process of a crowd does around the spend. Started by spawn, so all of it stands in a module."""

import asyncio
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError
from pointsman.adapters.audit_lines import format_audit_line
from pointsman.adapters.dynamodb.audit import put_document
from pointsman.adapters.dynamodb.audit_stream import read_entries
from pointsman.adapters.dynamodb.spend import DynamoDBSpendBook
from pointsman.adapters.dynamodb.table_stream import TableStream, connect_to_streams
from pointsman.adapters.dynamodb.tables import connect
from pointsman.application.count_spend import count_spend

from bench.decisions import answer_many, packed_registry
from bench.preview import Simulated
from tests.contract.registry_crowd import Throttled


def answered(count: int, seed: int) -> Sequence[Mapping[str, Any]]:
    """Records of answered requests; ids are the same for every seed."""
    registry = packed_registry(1)
    kept = asyncio.run(answer_many(count, registry, Simulated(registry), seed=seed))
    return [json.loads(json.dumps(document)) for document in kept.documents]


def write_twice(env: Mapping[str, str], table: str, documents: Sequence[Mapping[str, Any]], log: Path) -> None:
    """Write every record two times, as who got no answer does; of the writes every third is throttled and logged."""
    os.environ.update(env)
    client = Throttled(connect())
    for document in [*documents, *documents]:
        try:
            put_document(client, table, document)
        except ClientError:
            with log.open("a", encoding="utf-8") as lines:
                lines.write(f"{format_audit_line(document)}\n")


def count_again_and_again(env: Mapping[str, str], tables: Mapping[str, str], times: int) -> None:
    """Count the whole stream from its beginning each time, in batches of another size."""
    os.environ.update(env)
    client = connect()
    book = DynamoDBSpendBook(client, tables["spend"])
    for size in range(1, times + 1):
        for shard, records in TableStream(client, connect_to_streams(), tables["audit"]).batches():
            for start in range(0, len(records), 7 * size):
                count_spend(book, shard, read_entries(records[start : start + 7 * size]))
