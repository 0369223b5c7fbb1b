"""Decides again what was decided, from the record alone, and says whether it comes out the same."""

import json
from collections.abc import Mapping
from typing import Any

from pointsman.domain.decision import Decision, decide
from pointsman.domain.documents.ledger import decision_document
from pointsman.domain.documents.situation import decode_situation
from pointsman.domain.registry import Registry


def decide_again(record: Mapping[str, Any], registry: Registry) -> Decision:
    """The record's situation under a registry. Raises NoCandidateError where that leaves no model."""
    return decide(decode_situation(record["situation"], registry))


def differing_fields(record: Mapping[str, Any], registry: Registry) -> tuple[str, ...]:
    """What of a stored decision does not come out as it was, by the ledger's names; nothing where all does."""
    again = json.loads(json.dumps(decision_document(decide_again(record, registry))))
    return tuple(name for name, value in again.items() if record["ledger"].get(name) != value)
