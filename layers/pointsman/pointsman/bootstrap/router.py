"""The endpoint, composed: which adapter stands behind which port."""

import asyncio
import hashlib
import hmac
import logging
import random
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from pointsman.adapters.audit_lines import format_audit_line
from pointsman.adapters.dynamodb.audit import DynamoDBAuditLog
from pointsman.adapters.dynamodb.boto_tables import LateClient, ReadingClient
from pointsman.adapters.dynamodb.budgets import DynamoDBBudgetBook
from pointsman.adapters.dynamodb.hot_tables import HotTables, find_endpoint
from pointsman.adapters.dynamodb.keys import DynamoDBApiKeys, SingleApiKey
from pointsman.adapters.dynamodb.live_book import DynamoDBLiveBook
from pointsman.adapters.dynamodb.rate_limiter import DynamoDBRateLimiter, NoRateLimiter
from pointsman.adapters.dynamodb.registry import DynamoDBModelRegistry
from pointsman.adapters.dynamodb.sessions import DynamoDBSessionBook
from pointsman.adapters.dynamodb.spend import DynamoDBSpendBook
from pointsman.adapters.dynamodb.tables import Tables
from pointsman.adapters.emf_meter import EmfMeter
from pointsman.adapters.google_tokens import GoogleTokens
from pointsman.adapters.http_sessions import HttpSessions, trust_machine
from pointsman.adapters.in_memory_live_book import InMemoryLiveBook
from pointsman.adapters.json_schema import find_schema_fault
from pointsman.adapters.onnx_meta_model import OnnxMetaModel
from pointsman.adapters.providers.aiohttp_client import AiohttpClient
from pointsman.adapters.providers.aws_credentials import find_aws_credentials
from pointsman.adapters.providers.client import HttpProviders
from pointsman.adapters.providers.connection_time import trace_connections
from pointsman.adapters.providers.exchange import HttpClient
from pointsman.adapters.providers.jobs import HttpJobs
from pointsman.adapters.providers.spec import load_catalog, with_base_urls
from pointsman.adapters.secrets import EnvironmentSecrets, Secrets, StoredSecrets, members_of, parameters_under
from pointsman.adapters.seed_registry import read_seed_registry
from pointsman.adapters.sqs_audit_queue import SqsAuditQueue
from pointsman.adapters.structural_meta_model import StructuralMetaModel
from pointsman.application.keep_account import Accountant
from pointsman.application.open_reply import ReplyOpener
from pointsman.application.ports import (
    ApiKeys,
    AuditLog,
    BudgetBook,
    Jobs,
    LiveBook,
    MetaModel,
    Meter,
    ModelRegistry,
    Providers,
    RateLimiter,
    SessionBook,
    SpendBook,
)
from pointsman.application.route_request import RouteRequest
from pointsman.application.take_turns import Turns
from pointsman.domain.errors import AccessUnavailableError, MetaModelError
from pointsman.settings import Settings

logger = logging.getLogger("pointsman")
# What a simulated provider is given for a key.
SIMULATED_KEY = "simulated"
PROVIDER_CONNECTIONS = 200
TABLE_CONNECTIONS = 50
LOCAL_PEPPER = b"local"


@dataclass(frozen=True, slots=True)
class Outside:
    """Everything that a router meets outside itself; tests put fakes here."""

    registry: ModelRegistry
    audit: AuditLog
    keys: ApiKeys
    sessions: SessionBook
    budgets: BudgetBook
    spend: SpendBook
    limiter: RateLimiter
    meter: Meter
    meta_model: MetaModel
    live: LiveBook
    providers: Providers
    jobs: Jobs


@dataclass(frozen=True, slots=True)
class Router:
    """What the endpoint's routes use. `digest` makes the HMAC under which a prompt is told from others.

    `hang_up` closes connections, which may be opened again.
    """

    outside: Outside
    route_request: RouteRequest
    accountant: Accountant
    digest: Callable[[bytes], str]
    now: Callable[[], datetime]
    clock: Callable[[], float]
    hang_up: Callable[[], Awaitable[None]]


def build_router(settings: Settings, meta_model: MetaModel | None = None) -> Router:
    """The router on real adapters; `meta_model` is one that is loaded already.

    RegistryError where the provider URLs name a provider that is not in the catalog.
    """
    secrets = open_secrets(settings)
    tls = trust_machine()
    sessions = HttpSessions(connections=PROVIDER_CONNECTIONS, tls=tls, traces=[trace_connections()])
    own_sessions = HttpSessions(connections=TABLE_CONNECTIONS, tls=tls)
    tables = HotTables(own_sessions.current, find_aws_credentials, *find_endpoint())
    providers = _open_providers(settings, secrets, AiohttpClient(sessions.current))
    registry = DynamoDBModelRegistry(
        partial(ReadingClient, tables), settings.registry_table, on_stale=_log_stale, seed=read_seed_registry
    )
    outside = Outside(
        registry=registry,
        audit=DynamoDBAuditLog(
            tables, settings.audit_table, keep_days=settings.audit_days, on_lost=_open_fallback(settings)
        ),
        keys=open_keys(settings, tables, secrets),
        sessions=DynamoDBSessionBook(tables, settings.sessions_table, on_blind=_log_blind_sessions),
        spend=DynamoDBSpendBook(LateClient(), settings.spend_table),
        budgets=DynamoDBBudgetBook(
            replace(tables, tries=1), settings.spend_table, on_blind=_log_blind_budgets, now=_now
        ),
        limiter=_open_limiter(settings, tables),
        meter=EmfMeter(
            namespace=settings.metrics_namespace, service=settings.service_name, registry_age_s=registry.age_s
        ),
        meta_model=meta_model or load_meta_model(settings),
        live=DynamoDBLiveBook(tables, settings.live_table, InMemoryLiveBook(), on_blind=_log_blind_live_figures),
        providers=providers,
        jobs=HttpJobs(providers.line, timeout_s=settings.request_timeout_s),
    )
    pepper = partial(read_pepper, settings, secrets)
    hang_up = partial(_close_all, sessions, own_sessions)
    return compose(outside, timeout_s=settings.request_timeout_s, pepper=pepper, hang_up=hang_up)


async def _close_all(*all_sessions: HttpSessions) -> None:
    for sessions in all_sessions:
        await sessions.close()


async def _nothing_to_hang_up() -> None:
    pass


def compose(
    outside: Outside,
    *,
    timeout_s: float,
    pepper: Callable[[], bytes],
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    hang_up: Callable[[], Awaitable[None]] = _nothing_to_hang_up,
) -> Router:
    """The router on whatever stands outside. `timeout_s` bounds each attempt at a provider, `sleep` lies between two.

    `pepper` is asked only when it is needed: nothing secret is read while the function starts.
    """
    accountant = Accountant(outside.audit, outside.meter, outside.sessions, outside.budgets)
    route_request = RouteRequest(
        registry=outside.registry,
        meta_model=outside.meta_model,
        live=outside.live,
        opener=ReplyOpener(outside.providers, outside.live, Turns(sleep, random.random), time.monotonic, timeout_s),
        accountant=accountant,
        sessions=outside.sessions,
        budgets=outside.budgets,
        now=_now,
        clock=time.monotonic,
        find_fault=find_schema_fault,
    )

    def digest(content: bytes) -> str:
        return hmac.new(pepper(), content, hashlib.sha256).hexdigest()

    return Router(outside, route_request, accountant, digest, _now, time.monotonic, hang_up)


def load_meta_model(settings: Settings) -> MetaModel:
    """The meta-model, or what stands in for it: an endpoint that answers less well beats one that is down."""
    try:
        return OnnxMetaModel(settings.meta_model_dir)
    except MetaModelError as error:
        logger.error("meta-model not loaded, the safe default serves everything: %s", error)
        return StructuralMetaModel()


def new_generation_id() -> str:
    """Sorts by time and says nothing else."""
    moment = time.time_ns() // 1_000_000
    return f"gen-{moment:012x}{uuid.uuid4().hex[:20]}"


def _now() -> datetime:
    return datetime.now(UTC)


def open_secrets(settings: Settings) -> Secrets:
    prefix = settings.secrets_prefix
    if not prefix:
        return EnvironmentSecrets()
    open_store = parameters_under if settings.secrets_store == "ssm" else members_of
    return StoredSecrets(open_store(prefix), on_stale=_log_stale_secrets)


def open_keys(settings: Settings, tables: Tables, secrets: Secrets) -> ApiKeys:
    if settings.local_key:
        return SingleApiKey(settings.local_key)
    return DynamoDBApiKeys(tables, settings.keys_table, pepper=partial(read_pepper, settings, secrets))


def _open_limiter(settings: Settings, tables: Tables) -> RateLimiter:
    if settings.local_key:
        return NoRateLimiter()
    return DynamoDBRateLimiter(tables, settings.limits_table, on_blind=_log_blind_limits)


def read_pepper(settings: Settings, secrets: Secrets) -> bytes:
    """AccessUnavailableError where it is not set: without it no key can be told from another."""
    found = secrets(settings.key_pepper_secret)
    if found is None and not settings.local_key:
        raise AccessUnavailableError(f"The secret {settings.key_pepper_secret} is not set: keys cannot be checked.")
    return found.encode() if found else LOCAL_PEPPER


def _open_providers(settings: Settings, secrets: Secrets, client: HttpClient) -> HttpProviders:
    catalog = load_catalog(settings.catalog_dir)
    simulated = {catalog[name].secret for name in settings.provider_urls if name in catalog}

    with_google = GoogleTokens(secrets, on_failure=_log_no_google_token)

    def secret(name: str) -> str | None:
        return with_google(name) or (SIMULATED_KEY if name in simulated else None)

    catalog = with_base_urls(catalog, settings.provider_urls)
    return HttpProviders(catalog, secret, client, on_refused=secrets.refuse)


def _log_stale(reason: str) -> None:
    logger.warning("registry not refreshed, the last good version stays: %s", reason)


def _log_stale_secrets(reason: str) -> None:
    logger.warning("secrets not read; those read before, if any, stay: %s", reason)


def _log_no_google_token(reason: str) -> None:
    logger.warning("no access token for Vertex AI could be minted: %s", reason)


def _log_blind_limits(reason: str) -> None:
    logger.warning("rate limits not counted, each process holds them by itself: %s", reason)


def _log_blind_budgets(reason: str) -> None:
    logger.warning("budgets not counted, each process counts by itself: %s", reason)


def _open_fallback(settings: Settings) -> Callable[[Mapping[str, Any]], None]:
    if not settings.audit_fallback_queue:
        return _log_lost
    return partial(SqsAuditQueue(settings.audit_fallback_queue).put, on_lost=_log_lost)


def _log_blind_sessions(reason: str) -> None:
    logger.warning("sessions not found or kept, their prompts may be read anew: %s", reason)


def _log_blind_live_figures(reason: str) -> None:
    logger.warning("live figures not refreshed, the last ones fade away: %s", reason)


def _log_lost(document: Mapping[str, Any]) -> None:
    logger.error(format_audit_line(document))
