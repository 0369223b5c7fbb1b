"""Live figures as a router reads them: the stack's, looked at now and then, and this process's own breakers."""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from pointsman.adapters.dynamodb.live_items import FIGURES, read_figures
from pointsman.adapters.dynamodb.tables import Tables, from_item, to_item
from pointsman.application.ports import LiveBook
from pointsman.domain.latency import LiveFigures
from pointsman.domain.ledger import Attempt

CHECK_EVERY_S = (4.0, 6.0)


class DynamoDBLiveBook:
    """Implements LiveBook. `own` is what this process has seen itself; `now` gives seconds since 1970.

    With the table out of reach the last figures fade away, and `on_blind` is told why.
    """

    def __init__(
        self,
        tables: Tables,
        table: str,
        own: LiveBook,
        *,
        on_blind: Callable[[str], None],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._tables, self._table, self._own = tables, table, own
        self._on_blind, self._now = on_blind, now
        self._read_last: dict[str, tuple[LiveFigures, float]] = {}
        self._shown: Mapping[str, LiveFigures] = {}
        self._check_at = 0.0

    async def figures(self) -> Mapping[str, LiveFigures]:
        if self._now() >= self._check_at:
            # Other requests go on with what is shown meanwhile.
            self._check_at = self._now() + random.uniform(*CHECK_EVERY_S)
            await self._check()
        own = await self._own.figures()
        open_ones = {
            key: replace(self._shown.get(key, LiveFigures()), is_open=True) for key, seen in own.items() if seen.is_open
        }
        return {**self._shown, **open_ones}

    def note(self, key: str, attempt: Attempt) -> None:
        self._own.note(key, attempt)

    async def _check(self) -> None:
        try:
            self._read_last = await self._read()
        except (BotoCoreError, ClientError) as error:
            self._on_blind(f"{type(error).__name__}: {error}")
        now = self._now()
        faded = {key: figures.after(max(0.0, now - at)) for key, (figures, at) in self._read_last.items()}
        self._shown = {key: figures for key, figures in faded.items() if figures.calls}

    async def _read(self) -> dict[str, tuple[LiveFigures, float]]:
        read, onward = dict[str, tuple[LiveFigures, float]](), dict[str, Any]()
        while True:
            page = await self._tables.call(
                "Query",
                TableName=self._table,
                KeyConditionExpression="kind = :kind",
                ExpressionAttributeValues=to_item({":kind": FIGURES}),
                **onward,
            )
            items = [from_item(item) for item in page["Items"]]
            read.update((str(item["id"]), read_figures(item)) for item in items)
            if "LastEvaluatedKey" not in page:
                return read
            onward = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
