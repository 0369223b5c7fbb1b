"""What an OpenAI-compatible error body says, in the spellings of all the providers that use this dialect."""

from typing import Any, cast

from pointsman.adapters.providers.dialects.dialect import ErrorReport
from pointsman.domain.json_types import JsonObject


def decode_error(body: Any) -> ErrorReport:
    """Never raises: of a body that is not of the dialect, the status alone has to tell."""
    outer = _as_object(body)
    inner = outer.get("error")
    # Ollama and xAI put the text itself under "error"; Mistral has no "error" at all.
    report = _as_object(inner) if isinstance(inner, dict) else {**outer, "message": inner or _text_of(outer)}
    status = _status_of(report)
    codes = (_as_object(report.get("metadata")).get("limit_source"), report.get("code"), report.get("type"))
    return ErrorReport(
        message=_with_raw_text(report),
        codes=tuple(str(code) for code in codes if code is not None and code != status),
        status=status,
    )


def _text_of(outer: JsonObject) -> Any:
    detail = outer.get("message") or outer.get("detail")
    if isinstance(detail, list):
        return "; ".join(str(_as_object(item).get("msg", "")) for item in cast(list[Any], detail))
    return detail


def _with_raw_text(report: JsonObject) -> str:
    """OpenRouter's own text says only that a provider failed; what it said is in the metadata."""
    raw = _as_object(report.get("metadata")).get("raw")
    return ": ".join(str(text) for text in (report.get("message"), raw) if text)


def _status_of(report: JsonObject) -> int | None:
    statuses = (report.get("status_code"), report.get("raw_status_code"), report.get("code"))
    return next((status for status in statuses if isinstance(status, int) and 400 <= status < 600), None)


def _as_object(value: Any) -> JsonObject:
    return cast(JsonObject, value) if isinstance(value, dict) else {}
