"""One text and one digest for equal documents, whatever way their numbers and keys came."""

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

# 128 bits: as good as never two documents with one digest.
DIGEST_LENGTH = 32


def canonical_text(document: Mapping[str, Any]) -> str:
    return json.dumps(plain(document), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST_LENGTH]


def plain(value: Any) -> Any:
    """The same value in JSON's types alone; a whole number is an int, be it written as 2.0 or as a Decimal."""
    if isinstance(value, float | Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]  # pyright: ignore[reportUnknownVariableType]
    return value
