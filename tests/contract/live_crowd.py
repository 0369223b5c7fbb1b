"""What one of several followers of the audit log does; a process of its own, as each of Lambda's is."""

import os
import random
import time
from collections.abc import Mapping
from typing import Any

from pointsman.adapters.dynamodb.live_sketches import DynamoDBLiveSketches
from pointsman.adapters.dynamodb.tables import connect
from pointsman.application.track_latency import TrackLatency

BATCH = 10


def record(number: int, *, ttft_ms: int = 400, error: str | None = None, model: str = "acme/one") -> dict[str, Any]:
    """An audit record as the table gives it back, of one call of one endpoint."""
    attempt = {
        "model": model,
        "provider": "acme",
        "status": 503 if error else 200,
        "duration_ms": ttft_ms,
        "connection_ms": 0,
        "is_cut_short": False,
        **({"error": error} if error else {"ttft_ms": ttft_ms, "tpot_us": 10_000}),
    }
    return {
        "id": f"gen-{number}",
        "created_at": "2026-11-27T12:00:00+00:00",
        "outcome": "failed" if error else "answered",
        "ledger": {"attempts": [attempt], "total_ms": number},
    }


def follow_often(env: Mapping[str, str], table: str, numbers: list[int], *, seed: int) -> None:
    """Track these records in batches of an order of one's own, some of them twice."""
    os.environ |= env
    draw = random.Random(seed)
    mine = numbers + draw.choices(numbers, k=len(numbers) // 2)
    draw.shuffle(mine)
    tracker = TrackLatency(DynamoDBLiveSketches(connect(), table), time.time)
    for start in range(0, len(mine), BATCH):
        tracker.track(record(number) for number in mine[start : start + BATCH])
