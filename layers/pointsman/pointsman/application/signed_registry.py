"""The registry's store for those who write under one name and for one reason."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pointsman.application.ports import RegistryVersions
from pointsman.domain.registry import Change, Registry


@dataclass(frozen=True, slots=True)
class SignedRegistryStore:
    """Implements RegistryStore."""

    versions: RegistryVersions
    author: str
    reason: str
    now: Callable[[], datetime]

    def read(self) -> Registry | None:
        return self.versions.read()

    def write(self, registry: Registry) -> int:
        return self.versions.commit(registry, Change(self.author, self.now(), self.reason))
