"""What an OpenAI-compatible error body says, in the spellings of all the providers that use this dialect."""

from typing import Any

from pointsman.adapters.providers.dialects.dialect import ErrorReport
from pointsman.adapters.providers.dialects.json_reading import loose_list, loose_object
from pointsman.domain.json_types import JsonObject


def decode_error(body: Any) -> ErrorReport:
    """Never raises: of a body that is not of the dialect, the status alone has to tell."""
    outer = loose_object(body)
    inner = outer.get("error")
    # Ollama and xAI put the text itself under "error"; Mistral has no "error" at all.
    report = loose_object(inner) if isinstance(inner, dict) else {**outer, "message": inner or _text_of(outer)}
    status = _status_of(report)
    codes = (loose_object(report.get("metadata")).get("limit_source"), report.get("code"), report.get("type"))
    return ErrorReport(
        message=_with_raw_text(report),
        codes=tuple(str(code) for code in codes if code is not None and code != status),
        status=status,
    )


def _text_of(outer: JsonObject) -> Any:
    detail = outer.get("message") or outer.get("detail")
    if isinstance(detail, list):
        return "; ".join(str(loose_object(item).get("msg", "")) for item in loose_list(detail))
    return detail


def _with_raw_text(report: JsonObject) -> str:
    """OpenRouter's own text says only that a provider failed; what it said is in the metadata."""
    raw = loose_object(report.get("metadata")).get("raw")
    return ": ".join(str(text) for text in (report.get("message"), raw) if text)


def _status_of(report: JsonObject) -> int | None:
    statuses = (report.get("status_code"), report.get("raw_status_code"), report.get("code"))
    return next((status for status in statuses if isinstance(status, int) and 400 <= status < 600), None)
