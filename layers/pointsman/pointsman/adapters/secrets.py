"""Secrets by name: from the environment on one's own machine, from SSM or Secrets Manager in Lambda."""

import asyncio
import os
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock, Thread
from typing import Any, Protocol

from pointsman.domain.errors import AccessUnavailableError

REFRESH_EVERY_S = 300.0
# A key that a provider goes on refusing must not make each request read the store.
LEAST_AGE_S = 15.0
# While nothing could ever be read, requests are told so at once instead of waiting one after the other.
FAILED_FOR_S = 3.0
# A caller waits for the first read. What is out of reach is known after the first two and one attempt more.
CONNECT_TIMEOUT_S, READ_TIMEOUT_S, TOTAL_ATTEMPTS = 1.0, 1.5, 2


class Secrets(Protocol):
    """A secret by its name, None where there is none. `refuse` says that a provider did not take one."""

    def __call__(self, name: str) -> str | None: ...

    def refuse(self) -> None: ...


class EnvironmentSecrets:
    """Implements Secrets."""

    def __call__(self, name: str) -> str | None:
        return os.environ.get(name) or None

    def refuse(self) -> None:
        """Nothing newer is to be had."""


@dataclass(slots=True)
class StoredSecrets:
    """Implements Secrets: all of them read at once by `read`, at first use, and remembered for a while.

    They are read anew aside, while the old ones serve; only who runs on no event loop waits for the new ones. Where the
    store is out of reach the last that was read stays; AccessUnavailableError where there is none.
    """

    read: Callable[[], Mapping[str, str]]
    on_stale: Callable[[str], None]
    clock: Callable[[], float] = time.monotonic
    _values: Mapping[str, str] | None = None
    _read_at: float = 0.0
    _read_again_at: float = 0.0
    _failure: AccessUnavailableError | None = None
    _reading: Lock = field(default_factory=Lock)

    def __call__(self, name: str) -> str | None:
        if self._values is None or (self._is_stale() and not _is_on_event_loop()):
            with self._reading:
                self._refresh()
        elif self._is_stale() and self._reading.acquire(blocking=False):
            Thread(target=self._refresh_aside, daemon=True).start()
        if self._values is None:
            raise AccessUnavailableError("The secrets cannot be read now.") from self._failure
        return self._values.get(name)

    def refuse(self) -> None:
        self._read_again_at = min(self._read_again_at, self._read_at + LEAST_AGE_S)

    def _is_stale(self) -> bool:
        return self.clock() >= self._read_again_at

    def _refresh_aside(self) -> None:
        try:
            self._refresh()
        finally:
            self._reading.release()

    def _refresh(self) -> None:
        # Somebody else may have read while this one waited.
        if not self._is_stale():
            return
        try:
            self._values = self.read()
        except AccessUnavailableError as error:
            self.on_stale(f"{error} {error.__cause__}")
            self._failure = error
            self._read_again_at = self.clock() + (FAILED_FOR_S if self._values is None else LEAST_AGE_S)
        else:
            self._read_at = self.clock()
            self._read_again_at = self._read_at + REFRESH_EVERY_S


def _is_on_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def parameters_under(prefix: str) -> Callable[[], Mapping[str, str]]:
    """Reads all SSM parameters under a path, decrypted; the last segment of a path is the name."""

    def read() -> Mapping[str, str]:
        # Powertools' parameters bring boto3's resources along, which a start has no need of.
        from aws_lambda_powertools.utilities.parameters import SSMProvider

        store: Any = SSMProvider(boto_config=_short_config())
        with _store_errors():
            found: Mapping[str, str] = store.get_multiple(prefix, decrypt=True, force_fetch=True)
        return {path.rsplit("/", 1)[-1]: value for path, value in found.items()}

    return read


def members_of(secret: str) -> Callable[[], Mapping[str, str]]:
    """Reads one secret of Secrets Manager, a JSON object of name to value."""

    def read() -> Mapping[str, str]:
        from aws_lambda_powertools.utilities.parameters import SecretsProvider

        store: Any = SecretsProvider(boto_config=_short_config())
        with _store_errors():
            found: Mapping[str, str] = store.get(secret, transform="json", force_fetch=True)
        return found

    return read


def _short_config() -> Any:
    from botocore.config import Config

    retries: Any = {"total_max_attempts": TOTAL_ATTEMPTS, "mode": "standard"}
    return Config(connect_timeout=CONNECT_TIMEOUT_S, read_timeout=READ_TIMEOUT_S, retries=retries)


@contextmanager
def _store_errors() -> Generator[None, None, None]:
    from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError, TransformParameterError

    try:
        yield
    except (GetParameterError, TransformParameterError) as error:
        raise AccessUnavailableError("The secrets cannot be read now.") from error
