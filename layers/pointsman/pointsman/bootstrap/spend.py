"""What was spent, composed: for the function that counts it and for whoever asks."""

import logging
import time
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from pointsman.adapters.dynamodb.audit_stream import AuditStream, connect_to_streams, read_entries
from pointsman.adapters.dynamodb.spend import DynamoDBSpendBook
from pointsman.adapters.dynamodb.tables import connect
from pointsman.application.count_spend import count_spend
from pointsman.application.ports import SpendBook
from pointsman.domain.errors import PointsmanError
from pointsman.settings import Settings

logger = logging.getLogger("pointsman")
FOLLOW_EVERY_S: Final = 1
RETRY_AFTER_S: Final = 30


def build_spend_book(settings: Settings, client: Any = None) -> SpendBook:
    return DynamoDBSpendBook(client or connect(), settings.spend_table)


def open_audit_stream(settings: Settings) -> AuditStream:
    return AuditStream(connect(), connect_to_streams(), settings.audit_table)


def catch_up(stream: AuditStream, book: SpendBook) -> None:
    """Count what the stream tells that was not counted yet."""
    for shard, records in stream.batches():
        count_spend(book, shard, read_entries(records))


def follow_audit(settings: Settings) -> None:
    """For ever, on one's own machine, where no function does it."""
    while True:
        try:
            stream, book = open_audit_stream(settings), build_spend_book(settings)
            while True:
                catch_up(stream, book)
                time.sleep(FOLLOW_EVERY_S)
        except (BotoCoreError, ClientError, PointsmanError) as error:
            # From the stream's beginning again: what was counted is known by its number.
            logger.warning("spend not counted, tried again: %s", error)
            time.sleep(RETRY_AFTER_S)
