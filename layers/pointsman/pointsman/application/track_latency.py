"""Follows the audit log: what each call showed goes into its endpoint's sketch, and so into the live figures."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pointsman.application.ports import LiveSketches
from pointsman.domain.documents.sightings import sightings_in
from pointsman.domain.errors import LiveConflictError
from pointsman.domain.sketch import Sighting, merge, summarise

# Others who merge into the same sketch at the same moment: each round one of them gets through.
TRIES = 50


@dataclass(frozen=True, slots=True)
class TrackLatency:
    """`now` gives seconds since 1970. The same records may come again, in any order and to several at once."""

    sketches: LiveSketches
    now: Callable[[], float]

    def track(self, documents: Iterable[Mapping[str, Any]]) -> int:
        """How many calls were seen. LiveConflictError where too many merge into one sketch at once."""
        seen: dict[str, list[Sighting]] = {}
        for document in documents:
            for key, sighting in sightings_in(document):
                seen.setdefault(key, []).append(sighting)
        for key, sightings in seen.items():
            self._merge(key, sightings)
        return sum(map(len, seen.values()))

    def _merge(self, key: str, sightings: Iterable[Sighting]) -> None:
        for _ in range(TRIES):
            known, revision = self.sketches.read(key)
            merged, now = merge(known, sightings), self.now()
            if merged == known:
                return
            if self.sketches.replace(key, merged, summarise(merged, now=now), revision=revision, at=now):
                return
        raise LiveConflictError(f"{key}: its sketch changes faster than this can merge into it.")
