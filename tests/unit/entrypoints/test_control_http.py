"""The control API over HTTP, on fakes: what the command line does, for operators alone."""

import asyncio
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from pointsman.application.adopt_edits import AdoptEdits
from pointsman.application.edit_registry import EditRegistry
from pointsman.bootstrap.control import Control
from pointsman.bootstrap.registry import RegistryDesk
from pointsman.domain.errors import AuthenticationError
from pointsman.domain.preferences import Caller
from pointsman.domain.registry import Change
from pointsman.entrypoints.control_http.app import create_control_app
from pointsman.entrypoints.lambda_edits import handle_with

from bench.decisions import KeptDocuments, decide_many, packed_registry
from tests.registry_fakes import InMemoryHeldPrices, InMemoryRegistryVersions

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
KEYS = {"op": Caller("ann", role="operator"), "app": Caller("web")}
MODEL = "x-ai/grok-4.7"


class TwoKeys:
    async def caller(self, key: str) -> Caller:
        if key not in KEYS:
            raise AuthenticationError("The API key is not valid.")
        return KEYS[key]


@dataclass(slots=True)
class Plane:
    versions: InMemoryRegistryVersions = field(default_factory=InMemoryRegistryVersions)
    trail: KeptDocuments = field(default_factory=KeptDocuments)

    def ask(self, path: str, body: Any = None, *, key: str = "op") -> httpx.Response:
        async def call() -> httpx.Response:
            transport = httpx.ASGITransport(
                create_control_app(Control(TwoKeys(), self.desk)), raise_app_exceptions=False
            )
            headers = {"authorization": f"Bearer {key}"}
            async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client:
                path_whole = f"/control/v1{path}"
                return await (client.get(path_whole) if body is None else client.post(path_whole, json=body))

        return asyncio.run(call())

    def adopter(self) -> AdoptEdits:
        return AdoptEdits(self.versions, self.versions, lambda: NOW)

    def desk(self, author: str) -> RegistryDesk:
        editor = EditRegistry(self.versions, lambda card: card, lambda: NOW)
        return RegistryDesk(editor, self.adopter(), self.trail, author, InMemoryHeldPrices())


@pytest.fixture
def plane() -> Plane:
    plane = Plane()
    plane.versions.commit(packed_registry(0), Change("seeder", NOW, "seeded"))
    return plane


def off(name: str = MODEL) -> dict[str, Any]:
    return {"change": {"models": [{"id": name, "enabled": False}]}}


@pytest.mark.parametrize(("key", "status", "kind"), [("app", 403, "permission_denied"), ("x", 401, "authentication")])
def test_only_an_operators_key_opens_it(plane: Plane, key: str, status: int, kind: str) -> None:
    for path, body in (("/registry", None), ("/registry/changes", off()), ("/decisions/replay", {})):
        answer = plane.ask(path, body, key=key)
        assert (answer.status_code, answer.json()["error"]["type"]) == (status, kind)
    assert len(plane.versions.told) == 1


def test_a_change_is_tried_and_then_made_under_the_keys_name(plane: Plane) -> None:
    tried = plane.ask("/registry/changes", off()).json()
    assert (tried["written"], tried["changes"][0]["path"]) == (None, "enabled")
    made = plane.ask("/registry/changes", {**off(), "apply": True, "reason": "slow", "base": 1}).json()
    assert made["written"] == 2
    newest = plane.ask("/registry/history?most=1").json()["versions"][0]
    assert (newest["author"], newest["reason"], newest["changed"]) == ("ann", "slow", [MODEL])
    assert plane.ask(f"/registry/items/{MODEL}").json()["enabled"] is False
    assert plane.ask("/registry/diff?before=1").json()["changes"] == made["changes"]
    rolled = plane.ask("/registry/rollback", {"version": 1, "apply": True}).json()
    assert rolled["written"] == 3
    assert "enabled" not in plane.ask(f"/registry/items/{MODEL}").json()
    listed = plane.ask("/registry?version=2").json()
    assert [row["enabled"] for row in listed["models"] if row["id"] == MODEL] == [False]


@pytest.mark.parametrize(
    ("path", "body", "status", "text"),
    [
        ("/registry/changes", {**off(), "base": 7}, 409, "at version 1, not 7"),
        ("/registry/changes", {"change": {"models": [{"id": MODEL, "enabled": 3}]}}, 400, f"{MODEL}: enabled:"),
        ("/registry/changes", {"chnge": {}}, 400, "change: Field required"),
        ("/registry/rollback", {"version": 0}, 400, "version: Input should be greater"),
        ("/registry/rollback", {"version": 9}, 404, "no version 9"),
        ("/registry/items/none", None, 404, "no such model"),
        ("/nowhere", None, 404, "Not Found"),
    ],
)
def test_what_is_wrong_is_named(plane: Plane, path: str, body: Any, status: int, text: str) -> None:
    answer = plane.ask(path, body)
    assert answer.status_code == status
    assert text in answer.json()["error"]["message"]


def test_stored_decisions_show_a_changes_effect(plane: Plane) -> None:
    plane.trail = decide_many(12, [packed_registry(1)])
    plane.trail = KeptDocuments(json.loads(json.dumps(plane.trail.documents)))
    favourite = plane.trail.newest(1)[0]["ledger"]["chosen"]
    safe = packed_registry(1).policy.safe_default
    overall = plane.ask("/registry/preview", off(favourite if favourite != safe else MODEL)).json()["overall"]
    assert overall["decisions"] == 12
    assert plane.ask("/decisions/replay?last=12", {}).json()["equal"] == 12
    assert plane.ask("/decisions/simulate?last=2", {}).json()["points"][0]["label"] == "today"


def test_the_stream_wakes_the_judge_of_direct_edits(plane: Plane) -> None:
    counted = list[tuple[int, int]]()
    handler = handle_with(plane.adopter(), lambda adopted, rejected: counted.append((adopted, rejected)))
    handler({"Records": []}, object())
    plane.versions.rows[MODEL] = {**plane.versions.rows[MODEL], "weight_milli": 5}
    plane.versions.rows["policy"] = {**plane.versions.rows["policy"], "safe_default": "acme/none"}
    for _ in range(2):
        handler({"Records": [{"eventName": "MODIFY"}]}, object())
    assert counted == [(1, 1)]
    newest = plane.versions.read()
    assert newest is not None
    assert newest.version == 2
    assert newest.policy == replace(newest.policy, safe_default=packed_registry(0).policy.safe_default)
