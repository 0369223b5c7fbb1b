"""The pulse function on its event: records that Lambda brings from the audit table's stream."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from pointsman.adapters.dynamodb.audit import read_record
from pointsman.domain.documents.sightings import sightings_in
from pointsman.entrypoints.lambda_pulse import handle_with

EVENT: dict[str, Any] = json.loads((Path(__file__).parents[2] / "events" / "pulse_records.json").read_text())


def _tracked(event: Mapping[str, Any]) -> list[dict[str, Any]]:
    tracked = list[dict[str, Any]]()

    def track(items: Iterable[Mapping[str, Any]]) -> int:
        tracked.extend(map(read_record, items))
        return len(tracked)

    handle_with(track)(event, None)
    return tracked


def test_every_new_record_is_tracked_and_an_expired_one_is_not() -> None:
    kinds = [record["eventName"] for record in EVENT["Records"]]
    assert kinds == ["INSERT", "INSERT", "REMOVE"]
    seen = [dict(sightings_in(document)) for document in _tracked(EVENT)]
    assert [{key: call.failed for key, call in calls.items()} for calls in seen] == [
        {"openai/gpt-5.6-luna@openai": False},
        {"openai/gpt-5.6-luna@openai": True, "google/gemini-4-argon@google": False},
    ]


def test_a_record_that_cannot_be_read_fails_its_batch_so_that_lambda_sets_it_aside() -> None:
    broken = {"eventName": "INSERT", "dynamodb": {"NewImage": {"id": {"S": "gen-1"}, "outcome": {"S": "answered"}}}}
    with pytest.raises(KeyError):
        _ = [dict(sightings_in(document)) for document in _tracked({"Records": [broken]})]
