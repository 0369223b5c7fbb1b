"""All that a decision depended on, but for the registry, which is named by its version: what replay starts from."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from pointsman.domain.candidate import Situation
from pointsman.domain.documents.typed import decode_typed, encode_typed
from pointsman.domain.latency import QUIET
from pointsman.domain.registry import Registry


def encode_situation(situation: Situation) -> dict[str, Any]:
    """Live figures that say nothing are left out."""
    document = {
        field.name: encode_typed(getattr(situation, field.name))
        for field in fields(situation)
        if field.name not in {"registry", "live"}
    }
    live = {key: encode_typed(figures) for key, figures in situation.live.items() if figures != QUIET}
    return {**document, "live": live, "registry_version": situation.registry.version}


def decode_situation(document: Mapping[str, Any], registry: Registry) -> Situation:
    """The situation under a registry: the one that `registry_version` names, or another to see what it changes."""
    known = {name: value for name, value in document.items() if name != "registry_version"}
    return decode_typed(Situation, known, registry=registry)
