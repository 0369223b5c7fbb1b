"""Access tokens from a service account's key, by Google's own library and a token endpoint on loopback."""

import base64
import json
from collections.abc import Generator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pointsman.adapters.google_tokens import CREDENTIALS, PAUSE_S, SCOPES, TOKEN, GoogleTokens

LIFETIME_S = 3600
PEM = (
    rsa.generate_private_key(public_exponent=65537, key_size=2048)
    .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    .decode()
)


@dataclass(slots=True)
class Google:
    """The token endpoint: gives numbered tokens, or refuses."""

    lifetime_s: int = LIFETIME_S
    refuses: bool = False
    address: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def answer(self, form: bytes) -> tuple[int, dict[str, Any]]:
        assertion = parse_qs(form.decode())["assertion"][0]
        claims = assertion.split(".")[1]
        self.asked.append(json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4))))
        if self.refuses:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": f"token-{len(self.asked)}", "expires_in": self.lifetime_s, "token_type": "Bearer"}

    def key(self) -> str:
        who = {"client_email": "pointsman@acme.iam", "token_uri": self.address}
        return json.dumps({"type": "service_account", "private_key": PEM, "private_key_id": "1", **who})


@dataclass(slots=True)
class Asking:
    """What is kept, who mints, what was told of failures, and the seconds that have passed."""

    kept: dict[str, str]
    told: list[str] = field(default_factory=list[str])
    seconds: float = 100.0

    def tokens(self) -> GoogleTokens:
        return GoogleTokens(self.kept.get, self.told.append, lambda: self.seconds)


@pytest.fixture
def google() -> Generator[Google]:
    known = Google()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, told = known.answer(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    known.address = f"http://127.0.0.1:{server.server_port}/token"
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield known
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_token_is_minted_from_the_key_and_used_until_it_ends(google: Google) -> None:
    tokens = Asking({CREDENTIALS: google.key()}).tokens()
    assert [tokens(TOKEN), tokens(TOKEN)] == ["token-1", "token-1"]
    (claims,) = google.asked
    assert (claims["iss"], claims["scope"]) == ("pointsman@acme.iam", SCOPES[0])


def test_a_token_is_minted_anew_before_it_ends(google: Google) -> None:
    google.lifetime_s = 60
    tokens = Asking({CREDENTIALS: google.key()}).tokens()
    assert [tokens(TOKEN), tokens(TOKEN)] == ["token-1", "token-2"]


def test_a_replaced_key_takes_the_old_one_s_place(google: Google) -> None:
    asking = Asking({CREDENTIALS: google.key()})
    tokens = asking.tokens()
    tokens(TOKEN)
    asking.kept[CREDENTIALS] = google.key().replace("acme", "globex")
    assert (tokens(TOKEN), google.asked[-1]["iss"]) == ("token-2", "pointsman@globex.iam")


def test_a_token_that_is_kept_goes_first_and_other_secrets_pass(google: Google) -> None:
    tokens = Asking({CREDENTIALS: google.key(), TOKEN: "mine", "OTHER": "theirs"}).tokens()
    assert [tokens(TOKEN), tokens("OTHER"), tokens("NONE")] == ["mine", "theirs", None]
    assert google.asked == []


def test_the_default_credentials_are_those_that_google_s_clients_find(
    google: Google, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key.json").write_text(google.key())
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "key.json"))
    assert Asking({CREDENTIALS: "default"}).tokens()(TOKEN) == "token-1"


def test_a_refusal_is_told_and_not_asked_for_again_at_once(google: Google) -> None:
    google.refuses = True
    asking = Asking({CREDENTIALS: google.key()})
    tokens = asking.tokens()
    assert [tokens(TOKEN), tokens(TOKEN)] == [None, None]
    assert (asking.told, len(google.asked)) == (["RefreshError"], 1)
    google.refuses, asking.seconds = False, asking.seconds + PAUSE_S
    assert tokens(TOKEN) == "token-2"


@pytest.mark.parametrize("text", ["{", "5", "{}", json.dumps({"private_key": "-----BEGIN secret"})])
def test_what_is_no_key_gives_no_token_and_its_text_is_not_told(text: str) -> None:
    asking = Asking({CREDENTIALS: text})
    assert asking.tokens()(TOKEN) is None
    (told,) = asking.told
    assert "secret" not in told
