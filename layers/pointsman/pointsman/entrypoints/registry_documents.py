"""What commands and control API tell of the registry, its edits and stored decisions, as plain JSON values."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from pointsman.application.adopt_edits import Adoption
from pointsman.application.edit_registry import Plan
from pointsman.application.preview_edit import Preview
from pointsman.application.replay_decisions import Replay
from pointsman.domain.cost import find_price
from pointsman.domain.documents.registry_diff import FieldChange
from pointsman.domain.errors import RegistryError
from pointsman.domain.frontier import Point
from pointsman.domain.model_card import ModelCard
from pointsman.domain.preview import Summary
from pointsman.domain.registry import Registry, Version
from pointsman.domain.reply import TokenClass


def plan_document(plan: Plan, *, written: int | None) -> dict[str, Any]:
    """`written` is the version that was made, None for a dry run."""
    return {"base": plan.before.version, "written": written, **differences_document(plan.differences)}


def differences_document(differences: Sequence[FieldChange]) -> dict[str, Any]:
    return {"changes": [asdict(change) for change in differences]}


def models_document(registry: Registry, today: date) -> dict[str, Any]:
    models = [_model_document(card, today) for card in registry.cards]
    return {"version": registry.version, "safe_default": registry.policy.safe_default, "models": models}


def history_document(versions: Sequence[Version]) -> dict[str, Any]:
    return {"versions": [_version_document(version) for version in versions]}


def adoption_document(adoption: Adoption) -> dict[str, Any]:
    return {"version": adoption.version, "adopted": list(adoption.adopted), "rejected": dict(adoption.rejected)}


def preview_document(preview: Preview) -> dict[str, Any]:
    groups = {"by_task": preview.by_task, "by_key": preview.by_key}
    listed = {name: {key: _summary_document(one) for key, one in group.items()} for name, group in groups.items()}
    return {"overall": _summary_document(preview.overall), **listed}


def replay_document(replay: Replay) -> dict[str, Any]:
    return {"total": replay.total, **asdict(replay)}


def frontier_document(point: Point) -> dict[str, Any]:
    return {
        "swept": point.setting.swept,
        "label": point.setting.label,
        "usd_per_1000_requests": 1000 * point.usd_each,
        "quality": point.quality,
        "served": point.served,
        "on_frontier": point.on_frontier,
    }


def price_today(card: ModelCard, kind: TokenClass, today: date) -> str:
    """US dollars per million tokens; empty where the model is not sold by these tokens today."""
    try:
        usd = find_price(card, on=today).usd_per_mtok.get(kind)
    except RegistryError:
        return ""
    return "" if usd is None else str(usd)


def ranked_moves(moves: Mapping[tuple[str, str], int]) -> list[tuple[tuple[str, str], int]]:
    return sorted(moves.items(), key=lambda pair: (-pair[1], pair[0]))


def _model_document(card: ModelCard, today: date) -> dict[str, Any]:
    return {
        "id": card.id,
        "kind": card.kind,
        "class": card.model_class,
        "enabled": card.enabled,
        "weight_milli": card.weight_milli,
        "exploration_milli": card.exploration_milli,
        "usd_per_mtok_input": price_today(card, "input", today) or None,
        "usd_per_mtok_output": price_today(card, "output", today) or None,
        "context_tokens": card.context_tokens,
        "retires_on": card.retires_on.isoformat() if card.retires_on else None,
        "ability_basis": card.ability.basis if card.ability else None,
    }


def _version_document(version: Version) -> dict[str, Any]:
    return {
        "version": version.number,
        "at": version.change.at.isoformat(),
        "author": version.change.author,
        "reason": version.change.reason,
        "changed": list(version.changed),
        "changed_count": version.changed_count,
    }


def _summary_document(summary: Summary) -> dict[str, Any]:
    moves = [{"from": was, "to": now, "decisions": count} for (was, now), count in ranked_moves(summary.moves)]
    return {
        "decisions": summary.decisions,
        "changed": summary.changed,
        "unserved": summary.unserved,
        "usd_before": str(summary.usd_before),
        "usd_after": str(summary.usd_after),
        "usd_gain_each": asdict(summary.usd_gain_each),
        "quality_gain": asdict(summary.quality_gain),
        "moves": moves,
    }
