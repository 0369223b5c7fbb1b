"""The ledger as plain JSON data: what callers get under `routing` and what the audit table keeps. Money as strings."""

from typing import Any

from pointsman.domain.budget import Budget, pace_milli
from pointsman.domain.candidate import Prediction
from pointsman.domain.cost import format_usd
from pointsman.domain.decision import Decision
from pointsman.domain.documents.situation import encode_situation
from pointsman.domain.expected_usage import cached_tokens
from pointsman.domain.features import RequestFeatures
from pointsman.domain.funnel import StepResult
from pointsman.domain.ledger import AuditRecord, Served, price_reference, price_runners_up
from pointsman.domain.task import likeliest_task

TOP_CANDIDATES = 5
TOP_TASKS = 3


def ledger_document(record: AuditRecord) -> dict[str, Any]:
    """The whole ledger of one request; keys without a value are left out."""
    document: dict[str, Any] = {
        "id": record.subject.id,
        "requested": record.subject.requested_model,
        "outcome": record.outcome,
        "attempts": [_attempt(record, index) for index in range(len(record.attempts))],
        "first_token_ms": record.first_token_ms,
        "total_ms": record.total_ms,
    }
    if record.decision is not None:
        document |= decision_document(record.decision)
    if record.served is not None:
        document |= _realised(record, record.served)
    if record.rejection is not None:
        rejection = record.rejection
        document["rejection"] = {"type": rejection.type, "message": rejection.message, "field": rejection.field}
        document.setdefault("funnel", funnel_document(rejection.funnel))
    return document


def audit_document(record: AuditRecord) -> dict[str, Any]:
    """What the audit table keeps: the ledger, the situation to replay it from, and the figures one asks for first."""
    subject, served, ledger = record.subject, record.served, ledger_document(record)
    reference: dict[str, Any] = ledger.get("reference") or {}
    return {
        "id": subject.id,
        "created_at": subject.created_at.isoformat(),
        "route": subject.route,
        "key_id": subject.key_id,
        "session_id": subject.session_id,
        "streamed": subject.streamed,
        "prompt_chars": subject.prompt_chars,
        "prompt_hmac": subject.prompt_hmac,
        "outcome": record.outcome,
        "model": served.candidate.id if served else None,
        "provider": served.candidate.endpoint.provider if served else None,
        "upstream_id": served.upstream_id if served else None,
        "native_finish_reason": served.native_finish_reason if served else None,
        "task": ledger.get("task"),
        "cost_usd": format_usd(record.cost_usd),
        "saved_usd": reference.get("saved_usd"),
        "ledger": ledger,
        "situation": encode_situation(record.decision.situation) if record.decision else None,
    }


def decision_document(decision: Decision) -> dict[str, Any]:
    situation, features = decision.situation, decision.situation.features
    return {
        "objective": _aim(decision),
        "registry_version": situation.registry.version,
        "priced_on": situation.today.isoformat(),
        "meta_model_sha256": features.meta_model_sha256,
        "task": _task(decision),
        "task_probabilities": _top_tasks(features),
        "kind": {"kind": features.kind, "why": features.kind_reason},
        "confidence": decision.confidence,
        "ood": features.reading.ood_milli / 1000,
        "degraded": features.degraded,
        "predicted_prompt_tokens": features.prompt_tokens,
        "funnel": funnel_document(decision.funnel),
        "chosen": decision.chosen.candidate.id,
        "reason": decision.reason,
        "candidates": [_candidate(decision, prediction) for prediction in decision.order[:TOP_CANDIDATES]],
        "session": _session(decision),
        "budget": _budget(situation.budget),
        "warnings": list(situation.preferences.warnings),
    }


def _task(decision: Decision) -> str:
    features = decision.situation.features
    return likeliest_task(features.reading.task_milli, features.task_labels)


def _session(decision: Decision) -> dict[str, Any] | None:
    """What the last turn left in a cache, and whether this one makes use of it."""
    session = decision.situation.session
    if session is None:
        return None
    return {
        "served_by": session.served_by,
        "rested_s": session.rested_s,
        "stayed": decision.chosen.candidate.key == session.served_by,
        "cached_tokens": cached_tokens(decision.chosen.candidate, decision.situation),
    }


def _budget(budget: Budget | None) -> dict[str, Any] | None:
    """What the key's budget stood at, and what that left of its willingness to pay."""
    if budget is None:
        return None
    return {
        "limit_usd": format_usd(budget.limit_usd),
        "spent_usd": format_usd(budget.spent_usd),
        "period_elapsed": budget.elapsed_milli / 1000,
        "pace": pace_milli(budget) / 1000,
    }


def funnel_document(funnel: tuple[StepResult, ...]) -> list[dict[str, Any]]:
    return [{"step": step.step, "before": step.before, "after": step.after} for step in funnel]


def _aim(decision: Decision) -> dict[str, Any]:
    aim = decision.aim
    floor = aim.min_quality_milli
    return {
        "name": aim.objective,
        "min_quality": None if floor is None else floor / 1000,
        "willingness_to_pay_usd": str(aim.willingness_to_pay_usd),
        "time_value_usd_per_s": str(aim.time_value_usd_per_s),
    }


def _top_tasks(features: RequestFeatures) -> dict[str, float]:
    pairs = sorted(zip(features.task_labels, features.reading.task_milli, strict=True), key=lambda pair: -pair[1])
    return {label: probability / 1000 for label, probability in pairs[:TOP_TASKS]}


def _candidate(decision: Decision, prediction: Prediction) -> dict[str, Any]:
    quality, latency = prediction.quality, prediction.latency
    return {
        "model": prediction.candidate.id,
        "provider": prediction.candidate.endpoint.provider,
        "reasoning_effort": prediction.candidate.reasoning_effort,
        "quality": quality.mean_milli / 1000,
        "quality_interval": [quality.low_milli / 1000, quality.high_milli / 1000],
        "cost_usd": {"p50": format_usd(prediction.cost_usd_p50), "p95": format_usd(prediction.cost_usd_p95)},
        "latency_ms": {"ttft": latency.ttft_ms, "p50": latency.p50_ms, "p95": latency.p95_ms},
        "output_tokens": {"p50": prediction.output_tokens_p50, "p95": prediction.output_tokens_p95},
        "why": explain(decision, prediction),
    }


def explain(decision: Decision, prediction: Prediction) -> str:
    """One phrase: why this one was chosen, or what it lost by to the chosen one."""
    chosen = decision.chosen
    if prediction is chosen:
        return _why_chosen(decision)
    quality = (prediction.quality.mean_milli - chosen.quality.mean_milli) / 1000
    dollars = prediction.cost_usd_p50 - chosen.cost_usd_p50
    seconds = (prediction.latency.p50_ms - chosen.latency.p50_ms) / 1000
    return f"against the chosen: quality {quality:+.3f}, cost {dollars:+.6f} USD, time {seconds:+.1f} s"


def _why_chosen(decision: Decision) -> str:
    reasons = {
        "cost": "cheapest at or above the quality floor",
        "quality": "highest predicted quality, the cheaper where it is as good",
        "latency": "fastest at or above the quality floor",
        "balanced": "most worth after money and time",
    }
    by_reason = {
        "callers_order": "the model asked for",
        "explored": "a model on trial, in whose share this request is",
        "safe_default_out_of_distribution": "the safe default: the prompt is unlike those the meta-model knows",
        "safe_default_uncertain": "the safe default: no candidate's quality is known well enough",
    }
    return by_reason.get(decision.reason, reasons[decision.aim.objective])


def _attempt(record: AuditRecord, index: int) -> dict[str, Any]:
    attempt = record.attempts[index]
    return {
        "model": attempt.model,
        "provider": attempt.provider,
        "status": attempt.status,
        "error": attempt.error,
        "duration_ms": attempt.duration_ms,
        "connection_ms": attempt.connection_ms,
        "is_cut_short": attempt.is_cut_short,
        "ttft_ms": attempt.pace.ttft_ms if attempt.pace else None,
        "tpot_us": attempt.pace.tpot_us if attempt.pace else None,
    }


def _realised(record: AuditRecord, served: Served) -> dict[str, Any]:
    return {
        "served": served.candidate.id,
        "provider": served.candidate.endpoint.provider,
        "finish_reason": served.finish_reason,
        "tokens": dict(served.usage.tokens),
        "units": {unit: format_usd(count) for unit, count in served.usage.units.items() if count},
        "usage_estimated": served.usage_estimated,
        "cost_usd": format_usd(record.cost_usd),
        "cost_breakdown_usd": {kind: format_usd(usd) for kind, usd in served.cost.breakdown.items()},
        **_reconciled(record),
        **structure_document(record),
        "left_out_parameters": list(served.left_out_parameters),
        "left_out_reasoning_details": record.foreign_thoughts,
        "would_have_cost_usd": {
            other.model: None if other.cost_usd is None else format_usd(other.cost_usd)
            for other in price_runners_up(record)
        },
        "reference": _reference(record),
    }


def _reconciled(record: AuditRecord) -> dict[str, Any]:
    """Our cost beside the provider's own figure, where it gives one."""
    served, difference = record.served, record.cost_difference_usd
    if served is None or served.usage.provider_cost_usd is None or difference is None:
        return {}
    told = format_usd(served.usage.provider_cost_usd)
    return {"provider_cost_usd": told, "cost_difference_usd": format_usd(difference)}


def structure_document(record: AuditRecord) -> dict[str, Any]:
    """Whether the answer is of the form asked for; empty where none was."""
    outcome = record.structure
    if outcome is None:
        return {}
    return {"structured_output": {"by": outcome.by, "is_valid": outcome.fault is None, "fault": outcome.fault}}


def _reference(record: AuditRecord) -> dict[str, Any] | None:
    reference = price_reference(record)
    if reference is None:
        return None
    saved = None if reference.cost_usd is None else format_usd(reference.cost_usd - record.cost_usd)
    return {"model": reference.model, "saved_usd": saved}
