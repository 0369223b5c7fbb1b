"""Several processes on one embedded DynamoDB: editors, a router under load, direct edits. Nothing is lost or mixed."""

import multiprocessing
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pointsman.adapters.audit_lines import read_audit_lines
from pointsman.adapters.dynamodb.audit import put_document
from pointsman.adapters.dynamodb.audit_trail import DynamoDBAuditTrail
from pointsman.adapters.dynamodb.registry_versions import DynamoDBRegistryVersions
from pointsman.adapters.dynamodb.tables import create_table
from pointsman.application.replay_decisions import ReplayDecisions
from pointsman.domain.registry import Change

from bench.decisions import packed_registry
from tests.contract.registry_crowd import edit_often, route_while_edited

pytestmark = pytest.mark.system
EDITS, REQUESTS = 4, 40


def test_edits_under_load_lose_nothing_and_every_decision_is_of_one_version(
    client: Any, emulator_env: Mapping[str, str], tmp_path: Path
) -> None:
    tables, log = {"registry": "crowd-registry", "audit": "crowd-audit"}, tmp_path / "router.log"
    for kind, name in tables.items():
        create_table(client, name, kind)
    versions = DynamoDBRegistryVersions(client, tables["registry"])
    versions.commit(packed_registry(0), Change("seeder", datetime.now(UTC), "seeded"))
    edited = [card.id for card in packed_registry(0).cards[:2]]
    spawn = multiprocessing.get_context("spawn")
    crowd = [spawn.Process(target=edit_often, args=(emulator_env, tables["registry"], name, EDITS)) for name in edited]
    crowd.append(spawn.Process(target=route_while_edited, args=(emulator_env, tables, REQUESTS, log)))
    for process in crowd:
        process.start()
    for process in crowd:
        process.join()
    assert [process.exitcode for process in crowd] == [0, 0, 0]

    newest = versions.read()
    assert newest is not None
    weights = [card.weight_milli for card in newest.cards if card.id in edited]
    assert (newest.version, weights) == (1 + 2 * EDITS, [1000 + EDITS] * 2)
    assert newest.policy.max_attempts == packed_registry(0).policy.max_attempts + 2 * EDITS

    trail = DynamoDBAuditTrail(client, tables["audit"])
    kept = len(trail.newest(999))
    assert 0 < kept < REQUESTS
    with log.open(encoding="utf-8") as lines:
        lost = list(read_audit_lines(lines))
    for _ in range(2):
        for document in lost:
            put_document(client, tables["audit"], document)
    records = trail.newest(999)
    assert len(records) == REQUESTS
    replay = ReplayDecisions(trail, cache(versions.read)).replay(999)
    assert (replay.equal, replay.different, replay.unknown) == (REQUESTS, {}, {})
