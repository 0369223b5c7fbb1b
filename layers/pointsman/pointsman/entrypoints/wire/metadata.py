"""OpenRouter's `openrouter_metadata`, in its published shape."""

from typing import Any

from pointsman.application.incoming import Answer
from pointsman.domain.documents.ledger import ledger_document
from pointsman.domain.ledger import AuditRecord

# Of the ledger; the last two tell what the answer lacks.
TOLD = ("task", "objective", "confidence", "reason", "left_out_parameters", "structured_output")


def encode_metadata(answer: Answer, record: AuditRecord) -> dict[str, Any]:
    decision, chosen = answer.decision, answer.opened.prediction.candidate
    endpoints = [
        {
            "provider": prediction.candidate.endpoint.provider,
            "model": prediction.candidate.id,
            "selected": prediction.candidate.key == chosen.key,
        }
        for prediction in decision.order
    ]
    ledger = ledger_document(record)
    data = {name: ledger[name] for name in TOLD if name in ledger}
    return {
        "requested": answer.subject.requested_model,
        "strategy": "auto" if decision.situation.preferences.is_auto else "direct",
        "summary": f"available={len(endpoints)}, selected={chosen.endpoint.provider}",
        "attempt": len(answer.opened.attempts),
        "is_byok": False,
        "endpoints": {"total": decision.funnel[0].before, "available": endpoints},
        "attempts": [{"provider": a.provider, "model": a.model, "status": a.status} for a in answer.opened.attempts],
        "pipeline": [
            {"type": "plugin", "name": "auto-router", "summary": ledger["candidates"][0]["why"], "data": data}
        ],
    }
