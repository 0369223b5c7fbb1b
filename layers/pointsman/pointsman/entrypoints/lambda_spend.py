"""Follows the audit table's stream and counts what was spent. Batches told again count nothing twice."""

import os
from collections.abc import Callable, Mapping
from typing import Any

from pointsman.adapters.dynamodb.audit_stream import read_entries
from pointsman.application.count_spend import count_spend
from pointsman.application.ports import SpendBook
from pointsman.bootstrap.spend import build_spend_book
from pointsman.settings import Settings

Handler = Callable[[Mapping[str, Any], object], Mapping[str, Any]]


def create_handler() -> Handler:
    return handle_with(build_spend_book(Settings.from_env(os.environ)))


def handle_with(book: SpendBook) -> Handler:
    """A failure is raised, so that Lambda tells the batch again."""

    def handler(event: Mapping[str, Any], _context: object) -> Mapping[str, Any]:
        # Lambda names the shard only where the source has a window, whose state we do not need.
        count_spend(book, event["shardId"], read_entries(event["Records"]))
        return {"state": {}}

    return handler
