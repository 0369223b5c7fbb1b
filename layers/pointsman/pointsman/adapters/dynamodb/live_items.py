"""The items of the table of live figures, which belongs to one stack and so tells of one region.

- kind a candidate's key, id `sketch`: the endpoint's latest calls, packed. They lie apart, for they are written most.
- kind `figures`, id a candidate's key: what that sketch said when it was put; all of them are read at once.
"""

import json
import zlib
from collections.abc import Mapping
from dataclasses import astuple
from typing import Any, Final

from pointsman.adapters.dynamodb.tables import to_item
from pointsman.domain.documents.typed import decode_typed, encode_typed
from pointsman.domain.latency import LiveFigures
from pointsman.domain.sketch import Sighting, Sketch

FIGURES: Final = "figures"
# By then even the busiest endpoint's calls have faded to nothing.
KEPT_S: Final = 3600


def sketch_key(key: str) -> dict[str, Any]:
    return to_item({"kind": key, "id": "sketch"})


def sketch_item(key: str, sketch: Sketch, *, revision: int, at: float) -> dict[str, Any]:
    packed = zlib.compress(json.dumps([astuple(call) for call in sketch], separators=(",", ":")).encode())
    values = {"revision": revision, "calls": packed, "expires_at": int(at) + KEPT_S}
    return {**sketch_key(key), **to_item(values)}


def read_sketch(item: Mapping[str, Any]) -> Sketch:
    calls: list[Any] = json.loads(zlib.decompress(bytes(item["calls"])))
    return tuple(Sighting(*call) for call in calls)


def figures_item(key: str, figures: LiveFigures, *, at: float) -> dict[str, Any]:
    values = {"figures": encode_typed(figures), "at": at, "expires_at": int(at) + KEPT_S}
    return to_item({"kind": FIGURES, "id": key, **values})


def read_figures(item: Mapping[str, Any]) -> tuple[LiveFigures, float]:
    """With the moment that they are of, in seconds since 1970."""
    written = {name: int(value) for name, value in item["figures"].items()}
    return decode_typed(LiveFigures, written), float(item["at"])
