"""Secrets by name: from the environment on one's own machine, from SSM or Secrets Manager in Lambda."""

import os
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from pointsman.domain.errors import AccessUnavailableError

REFRESH_EVERY_S = 300.0
# A key that a provider goes on refusing must not make each request read the store.
LEAST_AGE_S = 15.0


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


class StoredSecrets:
    """Implements Secrets: all of them read at once by `read`, at first use, and remembered for a while.

    Where the store is out of reach the last that was read stays; AccessUnavailableError where there is none.
    """

    def __init__(
        self,
        read: Callable[[], Mapping[str, str]],
        *,
        on_stale: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read, self._on_stale, self._clock = read, on_stale, clock
        self._values: Mapping[str, str] | None = None
        self._read_at, self._read_again_at = 0.0, 0.0

    def __call__(self, name: str) -> str | None:
        if self._values is None or self._clock() >= self._read_again_at:
            self._refresh()
        return (self._values or {}).get(name)

    def refuse(self) -> None:
        self._read_again_at = min(self._read_again_at, self._read_at + LEAST_AGE_S)

    def _refresh(self) -> None:
        try:
            self._values = self._read()
        except AccessUnavailableError as error:
            self._on_stale(f"{error} {error.__cause__}")
            if self._values is None:
                raise
            self._read_again_at = self._clock() + LEAST_AGE_S
        else:
            self._read_at = self._clock()
            self._read_again_at = self._read_at + REFRESH_EVERY_S


def parameters_under(prefix: str) -> Callable[[], Mapping[str, str]]:
    """Reads all SSM parameters under a path, decrypted; the last segment of a path is the name."""

    def read() -> Mapping[str, str]:
        # Powertools' parameters bring boto3's resources along, which a start has no need of.
        from aws_lambda_powertools.utilities.parameters import SSMProvider

        store: Any = SSMProvider()
        with _store_errors():
            found: Mapping[str, str] = store.get_multiple(prefix, decrypt=True, force_fetch=True)
        return {path.rsplit("/", 1)[-1]: value for path, value in found.items()}

    return read


def members_of(secret: str) -> Callable[[], Mapping[str, str]]:
    """Reads one secret of Secrets Manager, a JSON object of name to value."""

    def read() -> Mapping[str, str]:
        from aws_lambda_powertools.utilities.parameters import SecretsProvider

        store: Any = SecretsProvider()
        with _store_errors():
            found: Mapping[str, str] = store.get(secret, transform="json", force_fetch=True)
        return found

    return read


@contextmanager
def _store_errors() -> Generator[None, None, None]:
    from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError, TransformParameterError

    try:
        yield
    except (GetParameterError, TransformParameterError) as error:
        raise AccessUnavailableError("The secrets cannot be read now.") from error
