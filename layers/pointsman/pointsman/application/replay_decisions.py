"""Re-derives stored decisions, each under the version of the registry that it was made with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pointsman.application.ports import AuditTrail
from pointsman.domain.errors import RequestError
from pointsman.domain.registry import Registry
from pointsman.domain.replay import differing_fields


@dataclass(frozen=True, slots=True)
class Replay:
    """`different` maps a record's id to what came out otherwise; `unknown` counts versions that are not at hand."""

    equal: int
    different: Mapping[str, tuple[str, ...]]
    unknown: Mapping[int, int]

    @property
    def total(self) -> int:
        return self.equal + len(self.different) + sum(self.unknown.values())


@dataclass(frozen=True, slots=True)
class ReplayDecisions:
    """`read_version` gives one version of the registry, None where there is none such."""

    trail: AuditTrail
    read_version: Callable[[int], Registry | None]

    def replay(self, most: int) -> Replay:
        version = cache(self.read_version)
        equal, different, unknown = 0, dict[str, tuple[str, ...]](), dict[int, int]()
        for record in self.trail.newest(most):
            number = int(record["situation"]["registry_version"])
            registry = version(number)
            if registry is None:
                unknown[number] = unknown.get(number, 0) + 1
                continue
            fields = _compare(record, registry)
            equal += not fields
            if fields:
                different[str(record["id"])] = fields
        return Replay(equal, different, unknown)


def _compare(record: Mapping[str, Any], registry: Registry) -> tuple[str, ...]:
    try:
        return differing_fields(record, registry)
    except RequestError as error:
        return (f"no decision: {error.message}",)
