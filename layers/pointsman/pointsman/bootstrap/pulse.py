"""What follows the audit table's stream, composed."""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pointsman.adapters.dynamodb.audit import read_record
from pointsman.adapters.dynamodb.live_sketches import DynamoDBLiveSketches
from pointsman.adapters.dynamodb.tables import connect
from pointsman.application.track_latency import TrackLatency
from pointsman.settings import Settings

# Takes the audit table's items as its stream shows them.
Track = Callable[[Iterable[Mapping[str, Any]]], int]


def build_track(settings: Settings, client: Any = None) -> Track:
    tracker = TrackLatency(DynamoDBLiveSketches(client or connect(), settings.live_table), time.time)
    return lambda items: tracker.track(map(read_record, items))
