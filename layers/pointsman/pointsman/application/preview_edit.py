"""Shows an edit's effect before it is made: stored decisions, decided once with and once without it. Calls nobody."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pointsman.application.edit_registry import Plan
from pointsman.application.ports import AuditTrail
from pointsman.domain.decision import Decision, decide
from pointsman.domain.documents.situation import decode_situation
from pointsman.domain.errors import RequestError
from pointsman.domain.preview import Outcome, Summary, group_by, outcome_of, summarise
from pointsman.domain.registry import Registry


@dataclass(frozen=True, slots=True)
class Preview:
    overall: Summary
    by_task: Mapping[str, Summary]
    by_key: Mapping[str, Summary]


@dataclass(frozen=True, slots=True)
class PreviewEdit:
    trail: AuditTrail

    def preview(self, plan: Plan, *, most: int, on: date) -> Preview:
        """`most` of the newest decisions, at the prices of a day."""
        outcomes = tuple(self._outcomes(plan, self.trail.newest(most), on))
        by_task = group_by(outcomes, lambda outcome: outcome.task)
        by_key = group_by(outcomes, lambda outcome: outcome.key_id)
        return Preview(summarise(outcomes), _summarise_each(by_task), _summarise_each(by_key))

    def _outcomes(self, plan: Plan, records: Sequence[Mapping[str, Any]], on: date) -> Iterator[Outcome]:
        for record in records:
            before, after = (_decide(record, registry, on) for registry in (plan.before, plan.after))
            if before is not None or after is not None:
                yield outcome_of(record, before, after)


def _summarise_each(groups: Mapping[str, list[Outcome]]) -> dict[str, Summary]:
    return {name: summarise(outcomes) for name, outcomes in groups.items()}


def _decide(record: Mapping[str, Any], registry: Registry, on: date) -> Decision | None:
    try:
        return decide(replace(decode_situation(record["situation"], registry), today=on))
    except RequestError:
        return None
