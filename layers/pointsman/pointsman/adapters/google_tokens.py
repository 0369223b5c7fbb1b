"""Access tokens of Google's, minted from a service account's key or from what Google's own clients find by default.

google-auth is no part of the layers, for the cryptography that it brings along weighs 15 MB: on one's own machine it is
there, in Lambda it comes from a layer of the operator's.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

TOKEN: Final = "VERTEX_ACCESS_TOKEN"  # noqa: S105 - the name of one
CREDENTIALS: Final = "GOOGLE_CREDENTIALS"
# What CREDENTIALS says where it holds no key: those of Google's own search (ADC).
DEFAULT: Final = "default"
SCOPES: Final = ("https://www.googleapis.com/auth/cloud-platform",)
TIMEOUT_S: Final = 5.0
# Where none is to be had, not every request shall ask for one.
PAUSE_S: Final = 15.0


@dataclass(slots=True)
class GoogleTokens:
    """Gives secrets by their names as `secret` does, but mints the token where none is kept, anew before it ends.

    `on_failure` is told why there is none.
    """

    secret: Callable[[str], str | None]
    on_failure: Callable[[str], None]
    clock: Callable[[], float] = time.monotonic
    _made_of: str = ""
    _credentials: Any = None
    _again_at: float = 0.0

    def __call__(self, name: str) -> str | None:
        kept = self.secret(name)
        if kept or name != TOKEN:
            return kept
        text = self.secret(CREDENTIALS)
        return self._mint(text) if text and self.clock() >= self._again_at else None

    def _mint(self, text: str) -> str | None:
        try:
            if text != self._made_of:
                self._credentials, self._made_of = _load(text), text
            if not self._credentials.valid:
                _renew(self._credentials)
        except _failures() as error:
            self._made_of, self._again_at = "", self.clock() + PAUSE_S
            # Not the error's text, which may quote the key.
            self.on_failure(type(error).__name__)
            return None
        return self._credentials.token


def _load(text: str) -> Any:
    import google.auth
    from google.oauth2.service_account import Credentials

    library: Any = google.auth  # knows its types in part only
    account: Any = Credentials
    if text == DEFAULT:
        return library.default(scopes=SCOPES)[0]
    return account.from_service_account_info(json.loads(text), scopes=SCOPES)


def _renew(credentials: Any) -> None:
    from google.auth.transport.urllib3 import Request
    from urllib3 import PoolManager

    credentials.refresh(partial(Request(PoolManager()), timeout=TIMEOUT_S))


def _failures() -> tuple[type[Exception], ...]:
    """No library, no JSON, a key that is none, or an answer of Google's that holds no token."""
    try:
        from google.auth.exceptions import GoogleAuthError
    except ImportError:
        return (ImportError,)
    return (GoogleAuthError, ValueError, TypeError, AttributeError)
