"""Follows a table's stream, where no Lambda function does: on one's own machine and in tests."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pointsman.adapters.dynamodb.tables import connect
from pointsman.domain.errors import NotFoundError

StreamRecord = Mapping[str, Any]


def connect_to_streams() -> Any:
    return connect(service="dynamodbstreams")


@dataclass(slots=True)
class TableStream:
    """`client` is DynamoDB's, `streams` that of its streams."""

    client: Any
    streams: Any
    table: str
    _iterators: dict[str, str | None] = field(default_factory=dict[str, str | None])

    def batches(self) -> Iterator[tuple[str, Sequence[StreamRecord]]]:
        """Shard and records: all that the stream still holds, and asked again what came since."""
        arn = self.client.describe_table(TableName=self.table)["Table"].get("LatestStreamArn")
        if arn is None:
            raise NotFoundError(f"The table {self.table} has no stream: create it anew with `pointsman tables create`.")
        for shard in self.streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
            yield from ((shard["ShardId"], records) for records in self._records(arn, shard["ShardId"]))

    def _records(self, arn: str, shard: str) -> Iterator[Sequence[StreamRecord]]:
        if shard not in self._iterators:
            oldest = self.streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
            self._iterators[shard] = oldest["ShardIterator"]
        while iterator := self._iterators[shard]:
            page = self.streams.get_records(ShardIterator=iterator)
            if page["Records"]:
                yield page["Records"]
            self._iterators[shard] = page.get("NextShardIterator")
            if not page["Records"]:
                return
