"""The functions that follow the tables' streams, on one's own machine: brings them what changed, as Lambda does."""

import argparse
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from pointsman.adapters.dynamodb.table_stream import TableStream, connect_to_streams
from pointsman.adapters.dynamodb.tables import connect
from pointsman.domain.errors import PointsmanError
from pointsman.entrypoints import lambda_edits, lambda_pulse, lambda_spend
from pointsman.settings import Settings

from local.ports import LOOPBACK

FOLLOW_EVERY_S = 1.0
RETRY_AFTER_S = 10.0
logger = logging.getLogger("pointsman")


@dataclass(frozen=True, slots=True)
class Follower:
    """One function and the table whose changes it is brought. `handler` takes Lambda's event."""

    table: str
    handler: Callable[[Mapping[str, Any], object], object]

    def follow(self) -> None:
        """For ever. After a failure the stream is told from its beginning: no function counts anything twice."""
        while True:
            try:
                self._follow_until_failure(TableStream(connect(), connect_to_streams(), self.table))
            except (BotoCoreError, ClientError, PointsmanError):
                logger.exception("changes of %s not followed, tried again", self.table)
                time.sleep(RETRY_AFTER_S)

    def _follow_until_failure(self, stream: TableStream) -> None:
        while True:
            for shard, records in stream.batches():
                self.handler({"Records": records, "shardId": shard, "state": {}}, None)
            time.sleep(FOLLOW_EVERY_S)


def followers() -> tuple[Follower, ...]:
    """What template.yaml maps to streams."""
    settings = Settings.from_env(os.environ)
    return (
        Follower(settings.audit_table, lambda_pulse.create_handler()),
        Follower(settings.audit_table, lambda_spend.create_handler()),
        Follower(settings.registry_table, lambda_edits.create_handler()),
    )


class _Health(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """A look each moment is not worth a line."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="where it tells that it is well")
    port = parser.parse_args().port
    logging.basicConfig(level=logging.WARNING)
    for follower in followers():
        threading.Thread(target=follower.follow, daemon=True).start()
    HTTPServer((LOOPBACK, port), _Health).serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
