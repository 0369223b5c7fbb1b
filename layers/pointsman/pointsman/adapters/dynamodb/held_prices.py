"""Prices that wait for an operator's word, as items of the registry's table: kind `held_price`, id a model's."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from pointsman.adapters.dynamodb.tables import from_item, to_item
from pointsman.domain.documents.price_quote import decode_quote, encode_quote
from pointsman.domain.price_refresh import Proposal

KIND: Final = "held_price"


class DynamoDBHeldPrices:
    """Implements HeldPrices."""

    def __init__(self, client: Any, table: str) -> None:
        self._client, self._table = client, table

    def all(self) -> Sequence[Proposal]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="kind = :kind",
            ExpressionAttributeValues=to_item({":kind": KIND}),
            ConsistentRead=True,
        )
        return [_read(from_item(item)) for page in pages for item in page["Items"]]

    def hold(self, proposal: Proposal) -> None:
        self._client.put_item(TableName=self._table, Item=to_item(_encode(proposal)))

    def release(self, model: str) -> None:
        self._client.delete_item(TableName=self._table, Key=to_item({"kind": KIND, "id": model}))


def _encode(proposal: Proposal) -> dict[str, Any]:
    told = {"change": str(proposal.change), "source": proposal.source, "seen": proposal.seen.isoformat()}
    return {"kind": KIND, "id": proposal.model, "quote": encode_quote(proposal.quote), **told}


def _read(item: Mapping[str, Any]) -> Proposal:
    quote, seen = decode_quote(item["quote"]), date.fromisoformat(item["seen"])
    return Proposal(item["id"], quote, Decimal(item["change"]), item["source"], seen)
