"""Audit records that a table did not take, on an SQS queue until an operator writes them."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

MOST_AT_ONCE = 10


@dataclass(frozen=True)
class SqsAuditQueue:
    """`url` is the queue's. The client is made when it is first needed, which is never while all is well."""

    url: str

    def put(self, document: Mapping[str, Any], *, on_lost: Callable[[Mapping[str, Any]], None]) -> None:
        """What the queue does not take either goes whole to `on_lost`."""
        try:
            self._client.send_message(QueueUrl=self.url, MessageBody=json.dumps(document, separators=(",", ":")))
        except (BotoCoreError, ClientError):
            on_lost(document)

    def take(self) -> Iterator[Mapping[str, Any]]:
        """Every record that waits; each leaves the queue once the next is asked for."""
        while messages := self._receive():
            for message in messages:
                yield json.loads(message["Body"])
                self._client.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])

    def _receive(self) -> list[Mapping[str, Any]]:
        received = self._client.receive_message(QueueUrl=self.url, MaxNumberOfMessages=MOST_AT_ONCE, WaitTimeSeconds=1)
        return received.get("Messages", [])

    @cached_property
    def _client(self) -> Any:
        import boto3
        from botocore.config import Config

        untyped: Any = boto3
        # A caller's last byte waits for it.
        retries: Any = {"total_max_attempts": 2, "mode": "standard"}
        return untyped.client("sqs", config=Config(connect_timeout=0.5, read_timeout=2, retries=retries))
