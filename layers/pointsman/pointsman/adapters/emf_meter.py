"""Metrics as CloudWatch EMF lines, through Powertools. Knows the names of metrics and dimensions, and nothing else."""

from collections.abc import Callable

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from pointsman.domain.ledger import AuditRecord, price_reference
from pointsman.domain.task import likeliest_task

NONE = "none"
# Each is a series of its own, beside the one over all: crossed with one another they would be thousands.
DIMENSIONS = ("model", "objective", "outcome")


class EmfMeter:
    """Implements Meter: one EMF line per request on standard output.

    Task, provider, ids and keys are fields of the line for queries of the log, never dimensions. `registry_age_s` tells
    for how long the registry in memory has not been compared with the stored one.
    """

    def __init__(self, *, namespace: str, service: str, registry_age_s: Callable[[], float]) -> None:
        self._namespace, self._service, self._registry_age_s = namespace, service, registry_age_s

    def record(self, record: AuditRecord) -> None:
        # A line of its own for each request: several are under way at once in one process.
        metrics = EphemeralMetrics(namespace=self._namespace, service=self._service)
        fields = _fields(record)
        for name in DIMENSIONS:
            metrics.add_dimensions(service=self._service, **{name: fields.pop(name)})
        for name, (unit, value) in {**_metrics(record), **self._gauges(record)}.items():
            metrics.add_metric(name=name, unit=unit, value=value)
        for name, text in fields.items():
            metrics.add_metadata(key=name, value=text)
        metrics.flush_metrics()

    def _gauges(self, record: AuditRecord) -> dict[str, tuple[MetricUnit, float]]:
        live = record.decision.situation.live.values() if record.decision else ()
        return {
            "RegistryAge": (MetricUnit.Seconds, self._registry_age_s()),
            "OpenBreakers": (MetricUnit.Count, float(sum(figures.is_open for figures in live))),
        }


def count_edits(namespace: str, service: str, *, adopted: int, rejected: int) -> None:
    """An alarm watches the rejected ones."""
    metrics = EphemeralMetrics(namespace=namespace, service=service)
    metrics.add_metric(name="RegistryEditsAdopted", unit=MetricUnit.Count, value=adopted)
    metrics.add_metric(name="RegistryEditsRejected", unit=MetricUnit.Count, value=rejected)
    metrics.flush_metrics()


def count_prices(namespace: str, service: str, *, changed: int, held: int) -> None:
    """An alarm watches for refreshes that do not come, and another for prices that are held."""
    metrics = EphemeralMetrics(namespace=namespace, service=service)
    metrics.add_metric(name="PriceRefreshes", unit=MetricUnit.Count, value=1)
    metrics.add_metric(name="PricesChanged", unit=MetricUnit.Count, value=changed)
    metrics.add_metric(name="PricesHeld", unit=MetricUnit.Count, value=held)
    metrics.flush_metrics()


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


def _metrics(record: AuditRecord) -> dict[str, tuple[MetricUnit, float]]:
    figures = {"Requests": (MetricUnit.Count, 1.0), "Latency": (MetricUnit.Milliseconds, float(record.total_ms))}
    failed = sum(attempt.error is not None for attempt in record.attempts)
    figures["FailedAttempts"] = (MetricUnit.Count, float(failed))
    figures["Failures"] = (MetricUnit.Count, float(record.outcome in {"failed", "interrupted"}))
    if record.first_token_ms is not None:
        figures["TimeToFirstToken"] = (MetricUnit.Milliseconds, float(record.first_token_ms))
    return {**figures, **_of_the_decision(record), **_of_the_answer(record)}


def _of_the_decision(record: AuditRecord) -> dict[str, tuple[MetricUnit, float]]:
    if record.decision is None:
        return {}
    return {
        "PredictedQuality": (MetricUnit.NoUnit, record.decision.chosen.quality.mean_milli / 1000),
        "LowConfidence": (MetricUnit.Count, float(record.decision.confidence == "low")),
        "Abstentions": (MetricUnit.Count, float(record.decision.is_abstention)),
    }


def _of_the_answer(record: AuditRecord) -> dict[str, tuple[MetricUnit, float]]:
    if record.served is None:
        return {}
    figures = {
        "Fallbacks": (MetricUnit.Count, float(record.fell_back)),
        "CostUsd": (MetricUnit.NoUnit, float(record.cost_usd)),
        "PromptTokens": (MetricUnit.Count, float(record.served.usage.prompt_tokens)),
        "CompletionTokens": (MetricUnit.Count, float(record.served.usage.completion_tokens)),
    }
    reference = price_reference(record)
    if reference is not None and reference.cost_usd is not None:
        figures["SavedUsd"] = (MetricUnit.NoUnit, float(reference.cost_usd - record.cost_usd))
    return figures
