"""Secrets by name: from the environment, and from AWS's two stores on loopback."""

import asyncio
import json
import socket
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Event, Thread
from typing import Any, cast

import pytest
from pointsman.adapters.dynamodb.keys import DynamoDBApiKeys
from pointsman.adapters.secrets import (
    CONNECT_TIMEOUT_S,
    FAILED_FOR_S,
    LEAST_AGE_S,
    READ_TIMEOUT_S,
    REFRESH_EVERY_S,
    TOTAL_ATTEMPTS,
    EnvironmentSecrets,
    StoredSecrets,
    members_of,
    parameters_under,
)
from pointsman.domain.errors import AccessUnavailableError


@dataclass(slots=True)
class AwsStore:
    """What SSM and Secrets Manager would answer, by operation, and what they were asked."""

    answers: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list[tuple[str, dict[str, Any]]])

    def answer(self, operation: str, asked: bytes) -> tuple[int, bytes]:
        self.asked.append((operation, json.loads(asked)))
        found = self.answers.get(operation)
        return (200, json.dumps(found).encode()) if found else (400, b'{"__type": "AccessDeniedException"}')


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Generator[AwsStore]:
    kept = AwsStore()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["content-length"]))
            status, body = kept.answer(self.headers["x-amz-target"], asked)
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Keeps the tests' output clean."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        for service in ("SSM", "SECRETS_MANAGER"):
            monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service}", f"http://127.0.0.1:{server.server_port}")
        for name, value in {
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "NO_PROXY": "127.0.0.1",
        }.items():
            monkeypatch.setenv(name, value)
        serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        yield kept
        server.shutdown()
        serving.join()


class Vault:
    """A store in memory that counts how often it is read, and may be out of reach."""

    def __init__(self, **values: str) -> None:
        self.values, self.reads, self.is_down = values, 0, False

    def __call__(self) -> Mapping[str, str]:
        self.reads += 1
        if self.is_down:
            raise AccessUnavailableError("down")
        return dict(self.values)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def remembered(vault: Vault, clock: Clock, told: list[str] | None = None) -> StoredSecrets:
    return StoredSecrets(vault, on_stale=pytest.fail if told is None else told.append, clock=clock)


def test_a_secret_of_the_environment_is_read_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = EnvironmentSecrets()
    monkeypatch.delenv("ACME_API_KEY", raising=False)
    assert secrets("ACME_API_KEY") is None
    monkeypatch.setenv("ACME_API_KEY", "k")
    secrets.refuse()
    assert secrets("ACME_API_KEY") == "k"


def test_an_empty_variable_is_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACME_API_KEY", "")
    assert EnvironmentSecrets()("ACME_API_KEY") is None


def test_parameters_are_read_decrypted_and_named_by_their_last_segment(store: AwsStore) -> None:
    parameters = {"/pointsman/ACME_API_KEY": "k", "/pointsman/team/GLOBEX_API_KEY": "g"}
    described = [{"Name": path, "Type": "SecureString", "Value": value} for path, value in parameters.items()]
    store.answers["AmazonSSM.GetParametersByPath"] = {"Parameters": described}
    assert parameters_under("/pointsman")() == {"ACME_API_KEY": "k", "GLOBEX_API_KEY": "g"}
    ((_, question),) = store.asked
    assert (question["Path"], question["WithDecryption"]) == ("/pointsman", True)


def test_the_members_of_one_secret_are_its_secrets(store: AwsStore) -> None:
    store.answers["secretsmanager.GetSecretValue"] = {"Name": "/pointsman", "SecretString": '{"ACME_API_KEY": "k"}'}
    assert members_of("/pointsman")() == {"ACME_API_KEY": "k"}
    ((_, question),) = store.asked
    assert question["SecretId"] == "/pointsman"


def test_a_secret_that_is_no_json_object_is_told_without_its_text(store: AwsStore) -> None:
    store.answers["secretsmanager.GetSecretValue"] = {"Name": "/pointsman", "SecretString": "sk-plain"}
    with pytest.raises(AccessUnavailableError) as failed:
        members_of("/pointsman")()
    assert "sk-plain" not in str(failed.value)


def test_a_store_that_refuses_is_an_error_of_ours(store: AwsStore) -> None:
    for read in (parameters_under("/pointsman"), members_of("/pointsman")):
        with pytest.raises(AccessUnavailableError):
            read()


def test_secrets_are_read_at_first_use_and_seen_anew_after_a_while() -> None:
    vault, clock = Vault(ACME_API_KEY="old"), Clock()
    secrets = remembered(vault, clock)
    assert vault.reads == 0
    assert [secrets("ACME_API_KEY"), secrets("OTHER"), vault.reads] == ["old", None, 1]
    vault.values["ACME_API_KEY"] = "new"
    clock.now = REFRESH_EVERY_S - 1
    assert secrets("ACME_API_KEY") == "old"
    clock.now = REFRESH_EVERY_S
    assert secrets("ACME_API_KEY") == "new"


def test_a_refused_key_is_read_anew_soon_but_not_by_every_request() -> None:
    vault, clock = Vault(ACME_API_KEY="old"), Clock()
    secrets = remembered(vault, clock)
    assert secrets("ACME_API_KEY") == "old"
    vault.values["ACME_API_KEY"] = "new"
    secrets.refuse()
    clock.now = LEAST_AGE_S - 1
    assert (secrets("ACME_API_KEY"), vault.reads) == ("old", 1)
    clock.now = LEAST_AGE_S
    assert (secrets("ACME_API_KEY"), vault.reads) == ("new", 2)


def test_what_was_read_last_outlives_the_store() -> None:
    vault, clock, told = Vault(ACME_API_KEY="k"), Clock(), list[str]()
    secrets = remembered(vault, clock, told)
    assert secrets("ACME_API_KEY") == "k"
    vault.is_down, clock.now = True, REFRESH_EVERY_S
    assert [secrets("ACME_API_KEY"), secrets("ACME_API_KEY")] == ["k", "k"]
    assert (vault.reads, len(told)) == (2, 1)


def test_on_an_event_loop_the_old_serve_while_the_new_are_read() -> None:
    vault, clock, may_answer = Vault(ACME_API_KEY="old"), Clock(), Event()

    def read() -> Mapping[str, str]:
        assert may_answer.wait(10)
        return vault()

    secrets = StoredSecrets(read, pytest.fail, clock)
    may_answer.set()
    assert secrets("ACME_API_KEY") == "old"
    vault.values["ACME_API_KEY"], clock.now = "new", REFRESH_EVERY_S

    async def ask() -> list[str | None]:
        may_answer.clear()
        seen = [secrets("ACME_API_KEY"), secrets("ACME_API_KEY")]
        may_answer.set()
        # Off the loop one waits for what is being read.
        return [*seen, await asyncio.to_thread(secrets, "ACME_API_KEY"), secrets("ACME_API_KEY")]

    assert (asyncio.run(ask()), vault.reads) == (["old", "old", "new", "new"], 2)


def test_a_store_that_was_never_reached_gives_nothing() -> None:
    vault, told = Vault(ACME_API_KEY="k"), list[str]()
    vault.is_down = True
    clock = Clock()
    secrets = remembered(vault, clock, told)
    for _ in range(3):
        with pytest.raises(AccessUnavailableError):
            secrets("ACME_API_KEY")
    # The failure is remembered for a moment.
    assert (vault.reads, len(told)) == (1, 1)
    vault.is_down, clock.now = False, FAILED_FOR_S
    assert secrets("ACME_API_KEY") == "k"


@pytest.mark.parametrize("open_store", [parameters_under, members_of])
def test_where_the_store_swallows_all_callers_are_told_soon_and_the_loop_goes_on(
    open_store: Callable[[str], Callable[[], Mapping[str, str]]], store: AwsStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, ticks = list[str](), 0
    with socket.create_server(("127.0.0.1", 0)) as hole:
        for service in ("SSM", "SECRETS_MANAGER"):
            monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service}", f"http://127.0.0.1:{hole.getsockname()[1]}")
        secrets = StoredSecrets(open_store("/pointsman"), told.append)
        keys = DynamoDBApiKeys(cast(Any, None), "keys", pepper=lambda: (secrets("PEPPER") or "").encode())

        async def ask() -> Sequence[object]:
            nonlocal ticks
            asking = asyncio.gather(*(keys.caller("pm-key") for _ in range(5)), return_exceptions=True)
            async with asyncio.timeout(TOTAL_ATTEMPTS * (CONNECT_TIMEOUT_S + READ_TIMEOUT_S) + 2):
                while not asking.done():
                    await asyncio.sleep(0.05)
                    ticks += 1
                return await asking

        answers = asyncio.run(ask())
    assert [type(answer) for answer in answers] == [AccessUnavailableError] * 5
    assert len(told) == 1
    assert ticks > 20
    assert store.asked == []
