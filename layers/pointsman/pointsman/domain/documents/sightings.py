"""What an audit record tells of each endpoint that was called: `audit_document` read back."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from pointsman.domain.errors import ProviderErrorKind
from pointsman.domain.recovery import is_about_the_request
from pointsman.domain.sketch import Sighting


def sightings_in(document: Mapping[str, Any]) -> Iterator[tuple[str, Sighting]]:
    """Each call that says something of its endpoint's health, under `Candidate.key`."""
    ledger = document["ledger"]
    ended_at = datetime.fromisoformat(document["created_at"]).timestamp() + ledger["total_ms"] / 1000
    for number, attempt in enumerate(ledger["attempts"]):
        error = attempt.get("error") or _broken_off(document, attempt, is_last=number == len(ledger["attempts"]) - 1)
        if not attempt["is_cut_short"] and not (error and is_about_the_request(error)):
            yield (
                f"{attempt['model']}@{attempt['provider']}",
                Sighting(
                    id=f"{document['id']}/{number}",
                    ended_at=ended_at,
                    failed=error is not None,
                    connection_ms=attempt["connection_ms"],
                    ttft_ms=attempt.get("ttft_ms"),
                    tpot_us=attempt.get("tpot_us"),
                ),
            )


def _broken_off(document: Mapping[str, Any], attempt: Mapping[str, Any], *, is_last: bool) -> ProviderErrorKind | None:
    """Why an answer that had begun was not brought to its end, where that was the provider's doing."""
    is_broken = is_last and document["outcome"] == "interrupted" and not attempt.get("error")
    return document["ledger"]["rejection"]["type"] if is_broken else None
