"""Secrets by name, from the environment and from a parameter store on loopback."""

import json
from collections.abc import Generator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from pointsman.adapters.secrets import REFRESH_EVERY_S, ParameterStoreSecrets, environment_secret


@dataclass(slots=True)
class ParameterStore:
    """What SSM would answer to GetParametersByPath, and what it was asked."""

    values: dict[str, str] = field(default_factory=dict[str, str])
    asked: list[tuple[str, bool]] = field(default_factory=list[tuple[str, bool]])

    def answer(self, asked: bytes) -> bytes:
        question = json.loads(asked)
        self.asked.append((question["Path"], question["WithDecryption"]))
        parameters = [{"Name": path, "Type": "SecureString", "Value": value} for path, value in self.values.items()]
        return json.dumps({"Parameters": parameters}).encode()


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Generator[ParameterStore]:
    kept = ParameterStore()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = kept.answer(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Keeps the tests' output clean."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SSM", f"http://127.0.0.1:{server.server_port}")
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


def test_a_secret_of_the_environment_is_read_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ACME_API_KEY", raising=False)
    assert environment_secret("ACME_API_KEY") is None
    monkeypatch.setenv("ACME_API_KEY", "k")
    assert environment_secret("ACME_API_KEY") == "k"


def test_an_empty_variable_is_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACME_API_KEY", "")
    assert environment_secret("ACME_API_KEY") is None


def test_stored_secrets_are_read_decrypted_once_and_named_by_their_last_segment(store: ParameterStore) -> None:
    store.values = {"/pointsman/ACME_API_KEY": "k", "/pointsman/team/GLOBEX_API_KEY": "g"}
    secrets = ParameterStoreSecrets("/pointsman", clock=lambda: 0.0)
    assert store.asked == []
    assert [secrets(name) for name in ("ACME_API_KEY", "GLOBEX_API_KEY", "OTHER")] == ["k", "g", None]
    assert store.asked == [("/pointsman", True)]


def test_a_changed_secret_is_seen_after_a_while(store: ParameterStore) -> None:
    now = 0.0
    store.values = {"/pointsman/ACME_API_KEY": "old"}
    secrets = ParameterStoreSecrets("/pointsman", clock=lambda: now)
    assert secrets("ACME_API_KEY") == "old"
    store.values = {"/pointsman/ACME_API_KEY": "new"}
    now = REFRESH_EVERY_S - 1.0
    assert secrets("ACME_API_KEY") == "old"
    now = float(REFRESH_EVERY_S)
    assert secrets("ACME_API_KEY") == "new"
