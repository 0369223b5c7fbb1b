"""Where the local stack keeps its state, logs and locks; all of it may be deleted while nothing runs."""

from dataclasses import dataclass
from pathlib import Path

from local.claims import Claim

_LEFTOVER_GRACE_S = 15.0
_SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True)
class Folders:
    root: Path

    @property
    def tables(self) -> Path:
        return self.root / "dynamodb"

    @property
    def supervisor_claim(self) -> Claim:
        return self.claim(_SUPERVISOR)

    def claim(self, name: str) -> Claim:
        return Claim(self.root / "run" / f"{name}.lock")

    def log(self, name: str) -> Path:
        return self.root / "logs" / f"{name}.log"

    def find_leftovers(self) -> tuple[str, ...]:
        """Services of an earlier run that still run."""
        names = sorted(path.stem for path in (self.root / "run").glob("*.lock") if path.stem != _SUPERVISOR)
        return tuple(name for name in names if not self.claim(name).is_free())

    def end_leftovers(self) -> None:
        for name in self.find_leftovers():
            self.claim(name).end_holder(grace_s=_LEFTOVER_GRACE_S)
