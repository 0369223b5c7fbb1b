"""What a price list quotes for one model, as plain JSON values and back. Money is decimal text."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from pointsman.domain.price_refresh import Quote


def encode_quote(quote: Quote) -> list[dict[str, Any]]:
    return [
        {"service_tier": tier, "above_input_tokens": above, "usd_per_mtok": {kind: str(usd[kind]) for kind in usd}}
        for (tier, above), usd in quote.items()
    ]


def decode_quote(rows: Sequence[Mapping[str, Any]]) -> Quote:
    return {
        (row["service_tier"], int(row["above_input_tokens"])): {
            kind: Decimal(usd) for kind, usd in row["usd_per_mtok"].items()
        }
        for row in rows
    }
