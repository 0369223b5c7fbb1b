"""Secrets by name: from the environment on one's own machine, from the SSM parameter store in Lambda."""

import os
import time
from collections.abc import Callable, Mapping
from typing import Any

from aws_lambda_powertools.utilities.parameters import SSMProvider

REFRESH_EVERY_S = 300


def environment_secret(name: str) -> str | None:
    return os.environ.get(name) or None


class ParameterStoreSecrets:
    """All parameters under `prefix`, decrypted and remembered for a while; the last segment of a path is the name."""

    def __init__(self, prefix: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._prefix, self._clock = prefix, clock
        self._store: Any = SSMProvider()
        self._values: Mapping[str, str] = {}
        self._read_at: float | None = None

    def __call__(self, name: str) -> str | None:
        if self._read_at is None or self._clock() - self._read_at >= REFRESH_EVERY_S:
            found: Mapping[str, str] = self._store.get_multiple(self._prefix, decrypt=True, force_fetch=True)
            self._values = {path.rsplit("/", 1)[-1]: value for path, value in found.items()}
            self._read_at = self._clock()
        return self._values.get(name)
