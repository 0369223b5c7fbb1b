"""Metrics as CloudWatch EMF lines. Knows the names of metrics and dimensions, and nothing else.

The form: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
import sys
import time
from collections.abc import Callable, Mapping
from typing import Literal

from pointsman.domain.ledger import AuditRecord, price_reference
from pointsman.domain.task import likeliest_task

NONE = "none"
# Each is a series of its own, beside the one over all: crossed with one another they would be thousands.
DIMENSIONS = ("model", "objective", "outcome")
Unit = Literal["Count", "Milliseconds", "Seconds", "None"]
Metrics = Mapping[str, tuple[Unit, float]]


class EmfMeter:
    """Implements Meter: one EMF line per request on standard output.

    Task, provider, ids and keys are fields of the line for queries of the log, never dimensions. `registry_age_s` tells
    for how long the registry in memory has not been compared with the stored one.
    """

    def __init__(self, *, namespace: str, service: str, registry_age_s: Callable[[], float]) -> None:
        self._namespace, self._service, self._registry_age_s = namespace, service, registry_age_s

    def record(self, record: AuditRecord) -> None:
        metrics = {**_metrics(record), **self._gauges(record)}
        _write(self._namespace, self._service, metrics, dimensions=DIMENSIONS, fields=_fields(record))

    def _gauges(self, record: AuditRecord) -> Metrics:
        live = record.decision.situation.live.values() if record.decision else ()
        return {
            "RegistryAge": ("Seconds", self._registry_age_s()),
            "OpenBreakers": ("Count", float(sum(figures.is_open for figures in live))),
        }


def count_edits(namespace: str, service: str, *, adopted: int, rejected: int) -> None:
    """An alarm watches the rejected ones."""
    _write_counts(namespace, service, {"RegistryEditsAdopted": adopted, "RegistryEditsRejected": rejected})


def count_prices(namespace: str, service: str, *, changed: int, held: int) -> None:
    """An alarm watches for refreshes that do not come, and another for prices that are held."""
    _write_counts(namespace, service, {"PriceRefreshes": 1, "PricesChanged": changed, "PricesHeld": held})


def _write_counts(namespace: str, service: str, counts: Mapping[str, int]) -> None:
    _write(namespace, service, {name: ("Count", float(count)) for name, count in counts.items()})


def _write(
    namespace: str,
    service: str,
    metrics: Metrics,
    *,
    dimensions: tuple[str, ...] = (),
    fields: Mapping[str, str] | None = None,
) -> None:
    """`dimensions` name those of the `fields` that are one, each beside the service's."""
    directive = {
        "Namespace": namespace,
        "Dimensions": [["service"], *(["service", name] for name in dimensions)],
        "Metrics": [{"Name": name, "Unit": unit} for name, (unit, _) in metrics.items()],
    }
    told = {"Timestamp": time.time_ns() // 1_000_000, "CloudWatchMetrics": [directive]}
    values = {name: [value] for name, (_, value) in metrics.items()}
    line = json.dumps({"_aws": told, "service": service, **(fields or {}), **values}, separators=(",", ":"))
    # An unbuffered print writes twice: the line, then its end.
    sys.stdout.write(f"{line}\n")


def _fields(record: AuditRecord) -> dict[str, str]:
    decision, served = record.decision, record.served
    features = decision.situation.features if decision else None
    failed = next((attempt for attempt in record.attempts if attempt.error is not None), None)
    return {
        "outcome": record.outcome,
        "objective": decision.aim.objective if decision else NONE,
        "model": served.candidate.id if served else NONE,
        "provider": served.candidate.endpoint.provider if served else NONE,
        "task": likeliest_task(features.reading.task_milli, features.task_labels) if features else NONE,
        "reason": decision.reason if decision else NONE,
        "first_failure": f"{failed.model} at {failed.provider}: {failed.error}" if failed else NONE,
        "request_id": record.subject.id,
        "key_id": record.subject.key_id,
    }


def _metrics(record: AuditRecord) -> Metrics:
    figures: dict[str, tuple[Unit, float]] = {
        "Requests": ("Count", 1.0),
        "Latency": ("Milliseconds", float(record.total_ms)),
    }
    failed = sum(attempt.error is not None for attempt in record.attempts)
    figures["FailedAttempts"] = ("Count", float(failed))
    figures["Failures"] = ("Count", float(record.outcome in {"failed", "interrupted"}))
    if record.first_token_ms is not None:
        figures["TimeToFirstToken"] = ("Milliseconds", float(record.first_token_ms))
    return {**figures, **_of_the_decision(record), **_of_the_answer(record)}


def _of_the_decision(record: AuditRecord) -> Metrics:
    if record.decision is None:
        return {}
    return {
        "PredictedQuality": ("None", record.decision.chosen.quality.mean_milli / 1000),
        "LowConfidence": ("Count", float(record.decision.confidence == "low")),
        "Abstentions": ("Count", float(record.decision.is_abstention)),
    }


def _of_the_answer(record: AuditRecord) -> Metrics:
    if record.served is None:
        return {}
    figures: dict[str, tuple[Unit, float]] = {
        "Fallbacks": ("Count", float(record.fell_back)),
        "CostUsd": ("None", float(record.cost_usd)),
        "PromptTokens": ("Count", float(record.served.usage.prompt_tokens)),
        "CompletionTokens": ("Count", float(record.served.usage.completion_tokens)),
    }
    reference = price_reference(record)
    if reference is not None and reference.cost_usd is not None:
        figures["SavedUsd"] = ("None", float(reference.cost_usd - record.cost_usd))
    return figures
