"""An edit reaches every process: each looks again by itself, and goes on with the whole of what it found."""

import asyncio
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from multiprocessing import get_context
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from pointsman.adapters.dynamodb import registry as registry_reader
from pointsman.adapters.dynamodb.registry import DynamoDBModelRegistry
from pointsman.adapters.dynamodb.registry_versions import DynamoDBRegistryVersions
from pointsman.adapters.seed_registry import read_seed_registry
from pointsman.domain.registry import Change

from tests.contract.registry_crowd import watch_versions

pytestmark = pytest.mark.system
EDITS, WATCHERS = 3, 3


def test_an_edit_is_in_force_within_the_promised_30_seconds_of_any_look() -> None:
    # What is left is what a look may take, of which one may fail.
    assert max(registry_reader.CHECK_EVERY_S) + max(registry_reader.CHECK_AGAIN_S) <= 25


@dataclass(slots=True)
class Flaky:
    """A client of DynamoDB's that at times reaches nobody."""

    client: Any
    is_down: bool = False

    def __getattr__(self, name: str) -> Any:
        if self.is_down:
            raise EndpointConnectionError(endpoint_url="http://nowhere")
        return getattr(self.client, name)


def test_a_look_that_fails_is_repeated_soon_but_an_outage_is_not_asked_all_the_time_in_the_registry(
    client: Any, table: str
) -> None:
    DynamoDBRegistryVersions(client, table).commit(
        replace(read_seed_registry(), version=0), Change("me", datetime.now(UTC), "seed")
    )
    now, told, flaky = [0.0], list[str](), Flaky(client)
    reader = DynamoDBModelRegistry(lambda: flaky, table, on_stale=told.append, clock=lambda: now[0])
    failures = list[int]()
    for moment, is_down in ((0, False), (22, True), (25, True), (28, True), (47, True), (69, False)):
        now[0], flaky.is_down = float(moment), is_down
        assert asyncio.run(reader.current()).version == 1
        failures.append(len(told))
    assert failures == [0, 1, 2, 2, 3, 3]


def test_several_processes_notice_each_edit_in_the_registry(
    client: Any, emulator_env: Mapping[str, str], table: str
) -> None:
    versions = DynamoDBRegistryVersions(client, table)
    seed = read_seed_registry()
    registry = replace(seed, version=0, policy=replace(seed.policy, quality_slack_milli=1))
    versions.commit(registry, Change("me", datetime.now(UTC), "seed"))
    with ProcessPoolExecutor(WATCHERS, mp_context=get_context("spawn")) as watchers:
        runs = [watchers.submit(watch_versions, emulator_env, table, 1 + EDITS) for _ in range(WATCHERS)]
        edited = {number: _edit(versions, number) for number in range(2, EDITS + 2)}
        seen = [run.result(timeout=120) for run in runs]
    for noticed in seen:
        # Slack and version are edited together: none was ever seen without the other.
        assert all(slack == version for version, slack, _ in noticed)
        assert noticed[-1][0] == 1 + EDITS
        # They look every second here; the rest is a busy machine's.
        assert all(at - edited[version] < 20 for version, _, at in noticed if version in edited)


def _edit(versions: DynamoDBRegistryVersions, number: int) -> float:
    registry = versions.read()
    assert registry is not None
    policy = replace(registry.policy, quality_slack_milli=number)
    versions.commit(replace(registry, policy=policy), Change("me", datetime.now(UTC), "one more"))
    edited = time.time()
    time.sleep(2)
    return edited
