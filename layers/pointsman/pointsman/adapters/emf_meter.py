"""Metrics as CloudWatch EMF lines, through Powertools. Knows the names of metrics and dimensions, and nothing else."""

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from pointsman.domain.ledger import AuditRecord
from pointsman.domain.task import likeliest_task

NONE = "none"


class EmfMeter:
    """Implements Meter: one EMF line per request on standard output. Ids and keys are metadata, never dimensions."""

    def __init__(self, *, namespace: str, service: str) -> None:
        self._namespace, self._service = namespace, service

    def record(self, record: AuditRecord) -> None:
        # A line of its own for each request: several are under way at once in one process.
        metrics = EphemeralMetrics(namespace=self._namespace, service=self._service)
        for name, value in _dimensions(record).items():
            metrics.add_dimension(name=name, value=value)
        for name, (unit, value) in _metrics(record).items():
            metrics.add_metric(name=name, unit=unit, value=value)
        metrics.add_metadata(key="request_id", value=record.subject.id)
        metrics.add_metadata(key="key_id", value=record.subject.key_id)
        metrics.flush_metrics()


def count_edits(namespace: str, service: str, *, adopted: int, rejected: int) -> None:
    """An alarm watches the rejected ones."""
    metrics = EphemeralMetrics(namespace=namespace, service=service)
    metrics.add_metric(name="RegistryEditsAdopted", unit=MetricUnit.Count, value=adopted)
    metrics.add_metric(name="RegistryEditsRejected", unit=MetricUnit.Count, value=rejected)
    metrics.flush_metrics()


def _dimensions(record: AuditRecord) -> dict[str, str]:
    decision, served = record.decision, record.served
    features = decision.situation.features if decision else None
    return {
        "outcome": record.outcome,
        "objective": decision.aim.objective if decision else NONE,
        "model": served.candidate.id if served else NONE,
        "provider": served.candidate.endpoint.provider if served else NONE,
        "task": likeliest_task(features.reading.task_milli, features.task_labels) if features else NONE,
    }


def _metrics(record: AuditRecord) -> dict[str, tuple[MetricUnit, float]]:
    figures = {"Requests": (MetricUnit.Count, 1.0), "Latency": (MetricUnit.Milliseconds, float(record.total_ms))}
    failed = sum(attempt.error is not None for attempt in record.attempts)
    figures["FailedAttempts"] = (MetricUnit.Count, float(failed))
    if record.first_token_ms is not None:
        figures["TimeToFirstToken"] = (MetricUnit.Milliseconds, float(record.first_token_ms))
    if record.served is not None:
        figures["CostUsd"] = (MetricUnit.NoUnit, float(record.cost_usd))
        figures["PromptTokens"] = (MetricUnit.Count, float(record.served.usage.prompt_tokens))
        figures["CompletionTokens"] = (MetricUnit.Count, float(record.served.usage.completion_tokens))
    if record.decision is not None:
        quality = record.decision.chosen.quality.mean_milli
        figures["PredictedQuality"] = (MetricUnit.NoUnit, quality / 1000)
        figures["LowConfidence"] = (MetricUnit.Count, float(record.decision.confidence == "low"))
    return figures
