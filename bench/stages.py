"""CPU time of one request within our own code: `python -m bench.stages`.

The app is asked in this process, without sockets; the provider answers at once, the table takes everything, and what
the classifier read is known already. The parts are measured alone, over and over, and so with warm caches: together
they take less than the whole. On Lambda our runtime is on asyncio's own loop; here uvicorn is on uvloop's.
What is streamed goes over the line to the providers too: keys, translation, and 55 chunks that come one by one.
"""

import asyncio
import contextlib
import io
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import uvloop
from pointsman.adapters.dynamodb.audit import DynamoDBAuditLog
from pointsman.adapters.dynamodb.keys import SingleApiKey
from pointsman.adapters.dynamodb.rate_limiter import NoRateLimiter
from pointsman.adapters.dynamodb.tables import Operation
from pointsman.adapters.emf_meter import EmfMeter
from pointsman.adapters.in_memory_live_book import InMemoryLiveBook
from pointsman.adapters.onnx_meta_model import OnnxMetaModel
from pointsman.adapters.providers.client import HttpProviders
from pointsman.adapters.providers.spec import load_catalog
from pointsman.application.read_features import read_features
from pointsman.bootstrap.router import Outside, compose
from pointsman.domain.decision import decide
from pointsman.domain.features import Reading
from pointsman.domain.ledger import AuditRecord
from pointsman.entrypoints.http.app import create_app
from pointsman.entrypoints.wire.chat.family import CHAT

from bench.decisions import CurrentRegistry, KeptDocuments, NoBudgets, NoSessions, packed_registry
from bench.peers.classifier import RELEASE, write_prompt
from bench.ready_providers import ReadyProvider, StreamingServer

ROUNDS, ROUND_SIZE = 20, 100
KEY: Final = "stages"
BODY: Final[Mapping[str, Any]] = {
    "model": "auto",
    "max_completion_tokens": 60,
    "messages": [{"role": "user", "content": write_prompt(128)}],
}
STREAMED: Final[Mapping[str, Any]] = {**BODY, "stream": True}
NOWHERE: Any = None


class KnownReading:
    """The meta-model, which has read the prompt before."""

    def __init__(self, model: OnnxMetaModel) -> None:
        self._reading = model.read(write_prompt(128))
        self.sha256, self.labels, self.is_degraded = model.sha256, model.labels, False
        self.media_thresholds_milli = model.media_thresholds_milli

    def read(self, text: str) -> Reading:
        return self._reading


class TakingTables:
    """Implements Tables: takes everything."""

    async def call(self, operation: Operation, **parameters: Any) -> Mapping[str, Any]:
        json.dumps(parameters, separators=(",", ":"))
        return {}


class LastRecord(KeptDocuments):
    """Writes each record as the table gets it, and keeps the last."""

    log: Final = DynamoDBAuditLog(TakingTables(), "audit", keep_days=1, on_lost=NOWHERE)
    record: AuditRecord | None = None

    async def write(self, record: AuditRecord) -> None:
        self.record = record
        await self.log.write(record)


def main() -> None:
    with asyncio.Runner() as runner:
        runner.run(_measure("the whole request, asyncio's loop", parts=False))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_measure("the whole request, uvloop's", parts=True))


async def _measure(title: str, *, parts: bool) -> None:
    audit, meter = LastRecord(), EmfMeter(namespace="Bench", service="router", registry_age_s=lambda: 0.0)
    outside = _outside(audit, meter)
    app, content = create_app(compose(outside, timeout_s=5, pepper=lambda: b"")), json.dumps(BODY).encode()
    await _print(title, lambda: _ask(app, content))
    if parts and audit.record is not None:
        await _print_parts(audit.record, outside, content)
        await _print_streamed(outside)


async def _print_streamed(outside: Outside) -> None:
    rows = {name: spec for name, spec in load_catalog().items() if spec.dialect == "openai_chat"}
    providers = HttpProviders(rows, lambda _: "simulated", StreamingServer())
    await _print("the accounts that there are keys for", _awaitable(providers.accounts))
    streaming, content = replace(outside, providers=providers), json.dumps(STREAMED).encode()
    app = create_app(compose(streaming, timeout_s=5, pepper=lambda: b""))
    await _print("the whole request, streamed", lambda: _ask(app, content))


async def _print_parts(record: AuditRecord, outside: Outside, content: bytes) -> None:
    assert record.decision is not None
    body = CHAT.parse(content, {})
    situation, asked = record.decision.situation, CHAT.decode_request(body)
    parts: Mapping[str, Callable[[], object]] = {
        "reading the body": lambda: CHAT.decode_request(CHAT.parse(content, {})),
        "features, but for the classifier": lambda: read_features(asked, outside.meta_model),
        "the decision": lambda: decide(situation),
        "the metrics line": lambda: outside.meter.record(record),
    }
    for name, part in parts.items():
        await _print(f"  {name}", _awaitable(part))
    await _print("  the audit record", lambda: outside.audit.write(record))
    await _print("a hop to a thread and back", lambda: asyncio.to_thread(int))


def _outside(audit: LastRecord, meter: EmfMeter) -> Outside:
    registry = packed_registry(1)
    return Outside(
        registry=CurrentRegistry(registry),
        audit=audit,
        keys=SingleApiKey(KEY),
        sessions=NoSessions(),
        budgets=NoBudgets(),
        spend=NOWHERE,
        limiter=NoRateLimiter(),
        meter=meter,
        meta_model=KnownReading(OnnxMetaModel(RELEASE)),
        live=InMemoryLiveBook(),
        providers=ReadyProvider(frozenset(endpoint.provider for card in registry.cards for endpoint in card.endpoints)),
        jobs=NOWHERE,
    )


async def _ask(app: Any, content: bytes) -> None:
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/chat/completions",
        "query_string": b"",
        "headers": [(b"authorization", f"Bearer {KEY}".encode()), (b"content-type", b"application/json")],
    }
    given: list[Mapping[str, Any]] = [{"type": "http.request", "body": content, "more_body": False}]
    status = list[int]()

    async def receive() -> Mapping[str, Any]:
        return given.pop() if given else await asyncio.Future()

    async def send(message: Mapping[str, Any]) -> None:
        status.append(message.get("status", 200))

    await app(scope, receive, send)
    assert set(status) == {200}, status


def _awaitable(part: Callable[[], object]) -> Callable[[], Awaitable[object]]:
    async def run() -> object:
        return part()

    return run


async def _print(name: str, part: Callable[[], Awaitable[object]]) -> None:
    """The best of some rounds: another process on the machine only ever adds."""
    best_s = float("inf")
    with contextlib.redirect_stdout(io.StringIO()):
        for _ in range(ROUNDS):
            began = time.process_time()
            for _ in range(ROUND_SIZE):
                await part()
            best_s = min(best_s, time.process_time() - began)
    print(f"{name:36} {best_s * 1000 / ROUND_SIZE:6.3f} CPU-ms")


if __name__ == "__main__":
    main()
