"""What stands outside the router, in memory, and the router's handler on it. Calls no network and no table."""

import json
import time
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pointsman.adapters.dynamodb.keys import SingleApiKey
from pointsman.adapters.dynamodb.rate_limiter import NoRateLimiter
from pointsman.adapters.in_memory_live_book import InMemoryLiveBook
from pointsman.adapters.structural_meta_model import StructuralMetaModel
from pointsman.bootstrap.router import Outside, compose
from pointsman.domain.jobs import Job, JobState
from pointsman.domain.model_card import Endpoint, ModelCard
from pointsman.domain.registry import Registry
from pointsman.domain.reply import (
    EmbeddingProduced,
    Finished,
    JobStarted,
    MediaProduced,
    ReplyEvent,
    ReplyStarted,
    TextDelta,
    ToolCallDelta,
    Usage,
    UsageReported,
)
from pointsman.domain.request import ChatRequest, MediaPart, ModelKind
from pointsman.entrypoints.lambda_router import handle_with
from pointsman.entrypoints.streaming_runtime.loop import Context

from tests.fakes import (
    FixedModelRegistry,
    InMemoryAuditLog,
    InMemoryBudgetBook,
    InMemorySessions,
    InMemorySpendBook,
    RecordingMeter,
)

ROOT = Path(__file__).parents[2]


PRODUCT_OF_KIND: Mapping[ModelKind, ReplyEvent] = {
    "image_generation": MediaProduced(MediaPart("image", "image/png", base64_data="aGk=")),
    "speech": MediaProduced(MediaPart("audio", "audio/mpeg", base64_data="aGk=")),
    "embeddings": EmbeddingProduced(0, (0.5, -0.5)),
    "video_generation": JobStarted("op/1"),
}


@dataclass(frozen=True, slots=True)
class ObligingProviders:
    """Every provider of the registry; each calls the first tool it is given, makes what it is for, or names itself."""

    names: frozenset[str]

    def accounts(self) -> frozenset[str]:
        return self.names

    async def reply(
        self, request: ChatRequest, card: ModelCard, endpoint: Endpoint, *, timeout_s: float
    ) -> AsyncGenerator[ReplyEvent, None]:
        yield ReplyStarted("up-1", endpoint.upstream_model)
        if request.tools:
            yield ToolCallDelta(0, "call-1", request.tools[0].name, '{"city": "Zürich"}')
        else:
            yield PRODUCT_OF_KIND.get(request.kind, TextDelta(f"I am {card.id}."))
        yield Finished("tool_calls" if request.tools else "stop")
        yield UsageReported(Usage({"input": 12} if request.kind == "embeddings" else {"input": 12, "output": 5}))


@dataclass(frozen=True, slots=True)
class FinishedJobs:
    """Every job is done, and has made its own id."""

    async def state(self, job: Job, *, left_s: float) -> JobState:
        return JobState("completed", 100)

    async def content(self, job: Job, *, left_s: float) -> AsyncGenerator[bytes, None]:
        yield job.upstream_id.encode()


@dataclass(frozen=True, slots=True)
class Function:
    """The function as Lambda calls it, and what it left behind."""

    handler: Any
    audit: InMemoryAuditLog
    meter: RecordingMeter

    def invoke(self, event: Mapping[str, Any], *, seconds: float = 60) -> dict[str, Any]:
        return self.handler(event, make_context(seconds=seconds))


def make_context(*, seconds: float = 60) -> Context:
    """An invocation that Lambda ends after so long."""
    return Context("invocation-1", "arn:aws:lambda:eu-west-1:123456789012:function:router", time.time() + seconds)


def load_event(name: str) -> dict[str, Any]:
    return json.loads((ROOT / "events" / f"{name}.json").read_text())


def make_function(registry: Registry) -> Function:
    audit, meter = InMemoryAuditLog(), RecordingMeter()
    outside = Outside(
        registry=FixedModelRegistry(registry),
        audit=audit,
        keys=SingleApiKey("dev"),
        sessions=InMemorySessions(),
        budgets=InMemoryBudgetBook(),
        spend=InMemorySpendBook(),
        limiter=NoRateLimiter(),
        meter=meter,
        meta_model=StructuralMetaModel(),
        live=InMemoryLiveBook(),
        jobs=FinishedJobs(),
        providers=ObligingProviders(frozenset(e.provider for card in registry.cards for e in card.endpoints)),
    )
    return Function(handle_with(compose(outside, timeout_s=5, pepper=lambda: b"pepper")), audit, meter)
