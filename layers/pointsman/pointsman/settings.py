"""Every setting, read once from the environment and checked. template.yaml sets the same names."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

SecretsStore = Literal["ssm", "secretsmanager"]


class SettingsError(ValueError):
    """A setting is missing or not as it should be; the text names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`provider_urls` maps a provider of the catalog to another base URL, as simulated providers have.

    `catalog_dir` holds the operator's own rows of the provider catalog, beside those that come along.

    `local_key`, where set, is the only API key and no keys table is read. `secrets_prefix`, where set, says where
    secrets lie: the path above them in the SSM parameter store, or the one secret of Secrets Manager that holds them
    all; without it they are environment variables. `audit_fallback_queue` is the URL of the queue that takes audit
    records where their table does not; without it they go to the log.
    """

    registry_table: str = "pointsman-registry"
    audit_table: str = "pointsman-audit"
    keys_table: str = "pointsman-keys"
    limits_table: str = "pointsman-limits"
    audit_fallback_queue: str = ""
    sessions_table: str = "pointsman-sessions"
    spend_table: str = "pointsman-spend"
    live_table: str = "pointsman-live"
    meta_model_dir: Path = Path("/opt/meta_model")
    catalog_dir: Path = Path("/opt/catalog")
    secrets_store: SecretsStore = "ssm"
    secrets_prefix: str = ""
    key_pepper_secret: str = "POINTSMAN_KEY_PEPPER"  # noqa: S105 - the name of a secret, not one
    audit_days: int = 90
    request_timeout_s: float = 300.0
    service_name: str = "pointsman"
    metrics_namespace: str = "Pointsman"
    local_key: str = ""
    provider_urls: Mapping[str, str] = field(default_factory=dict[str, str])

    @staticmethod
    def from_env(env: Mapping[str, str]) -> "Settings":
        """SettingsError names the variable that cannot be read."""
        default = Settings()
        return Settings(
            registry_table=env.get("POINTSMAN_REGISTRY_TABLE", default.registry_table),
            audit_table=env.get("POINTSMAN_AUDIT_TABLE", default.audit_table),
            keys_table=env.get("POINTSMAN_KEYS_TABLE", default.keys_table),
            limits_table=env.get("POINTSMAN_LIMITS_TABLE", default.limits_table),
            audit_fallback_queue=env.get("POINTSMAN_AUDIT_FALLBACK_QUEUE", default.audit_fallback_queue),
            sessions_table=env.get("POINTSMAN_SESSIONS_TABLE", default.sessions_table),
            spend_table=env.get("POINTSMAN_SPEND_TABLE", default.spend_table),
            live_table=env.get("POINTSMAN_LIVE_TABLE", default.live_table),
            meta_model_dir=Path(env.get("POINTSMAN_META_MODEL_DIR", default.meta_model_dir)),
            catalog_dir=Path(env.get("POINTSMAN_CATALOG_DIR", default.catalog_dir)),
            secrets_store=_secrets_store(env, "POINTSMAN_SECRETS_STORE", default.secrets_store),
            secrets_prefix=env.get("POINTSMAN_SECRETS_PREFIX", default.secrets_prefix),
            key_pepper_secret=env.get("POINTSMAN_KEY_PEPPER_SECRET", default.key_pepper_secret),
            audit_days=_whole_number(env, "POINTSMAN_AUDIT_DAYS", default.audit_days),
            request_timeout_s=_number(env, "POINTSMAN_REQUEST_TIMEOUT_S", default.request_timeout_s),
            service_name=env.get("POWERTOOLS_SERVICE_NAME", default.service_name),
            metrics_namespace=env.get("POWERTOOLS_METRICS_NAMESPACE", default.metrics_namespace),
            local_key=env.get("POINTSMAN_LOCAL_KEY", default.local_key),
            provider_urls=_urls(env, "POINTSMAN_PROVIDER_URLS"),
        )


def _secrets_store(env: Mapping[str, str], name: str, default: SecretsStore) -> SecretsStore:
    value = env.get(name, default)
    known: tuple[SecretsStore, ...] = get_args(SecretsStore)
    for store in known:
        if value == store:
            return store
    raise SettingsError(f"{name}: expected one of {', '.join(known)}, not {value!r}")


def _number(env: Mapping[str, str], name: str, default: float) -> float:
    try:
        value = float(env.get(name, default))
    except ValueError as error:
        raise SettingsError(f"{name}: expected a number, not {env[name]!r}") from error
    if not 0 < value < math.inf:
        raise SettingsError(f"{name}: must be above 0 and finite")
    return value


def _whole_number(env: Mapping[str, str], name: str, default: int) -> int:
    value = _number(env, name, default)
    if value != int(value):
        raise SettingsError(f"{name}: expected a whole number, not {env[name]!r}")
    return int(value)


def _urls(env: Mapping[str, str], name: str) -> Mapping[str, str]:
    try:
        urls: Any = json.loads(env.get(name, "{}"))
    except ValueError:
        urls = None
    if not isinstance(urls, dict) or not all(isinstance(url, str) for url in urls.values()):  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
        raise SettingsError(f"{name}: expected a JSON object of provider to base URL")
    return urls  # pyright: ignore[reportUnknownVariableType]
