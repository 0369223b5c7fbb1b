"""Every setting comes from its variable; one that cannot be read is named."""

from dataclasses import fields
from pathlib import Path

import pytest
from pointsman.settings import Settings, SettingsError

VARIABLES: dict[str, tuple[str, object]] = {
    "registry_table": ("POINTSMAN_REGISTRY_TABLE", "r"),
    "audit_table": ("POINTSMAN_AUDIT_TABLE", "a"),
    "keys_table": ("POINTSMAN_KEYS_TABLE", "k"),
    "limits_table": ("POINTSMAN_LIMITS_TABLE", "l"),
    "audit_fallback_queue": ("POINTSMAN_AUDIT_FALLBACK_QUEUE", "https://sqs/queue"),
    "sessions_table": ("POINTSMAN_SESSIONS_TABLE", "s"),
    "spend_table": ("POINTSMAN_SPEND_TABLE", "p"),
    "live_table": ("POINTSMAN_LIVE_TABLE", "v"),
    "secrets_store": ("POINTSMAN_SECRETS_STORE", "secretsmanager"),
    "meta_model_dir": ("POINTSMAN_META_MODEL_DIR", Path("/m")),
    "catalog_dir": ("POINTSMAN_CATALOG_DIR", Path("/c")),
    "secrets_prefix": ("POINTSMAN_SECRETS_PREFIX", "/pointsman"),
    "key_pepper_secret": ("POINTSMAN_KEY_PEPPER_SECRET", "PEPPER"),
    "audit_days": ("POINTSMAN_AUDIT_DAYS", 7),
    "request_timeout_s": ("POINTSMAN_REQUEST_TIMEOUT_S", 2.5),
    "service_name": ("POWERTOOLS_SERVICE_NAME", "s"),
    "metrics_namespace": ("POWERTOOLS_METRICS_NAMESPACE", "n"),
    "local_key": ("POINTSMAN_LOCAL_KEY", "dev"),
}


def test_nothing_set_gives_the_defaults() -> None:
    assert Settings.from_env({}) == Settings()


@pytest.mark.parametrize("name", VARIABLES)
def test_each_variable_sets_its_own_field_alone(name: str) -> None:
    variable, value = VARIABLES[name]
    settings = Settings.from_env({variable: str(value)})
    default = Settings()
    changed = {f.name for f in fields(Settings) if getattr(settings, f.name) != getattr(default, f.name)}
    assert changed == {name}
    assert getattr(settings, name) == value


def test_every_field_has_its_variable() -> None:
    assert {f.name for f in fields(Settings)} == {*VARIABLES, "provider_urls"}


def test_provider_urls_are_a_json_object() -> None:
    settings = Settings.from_env({"POINTSMAN_PROVIDER_URLS": '{"openai": "http://127.0.0.1:9"}'})
    assert settings.provider_urls == {"openai": "http://127.0.0.1:9"}


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("POINTSMAN_AUDIT_DAYS", "many"),
        ("POINTSMAN_AUDIT_DAYS", "0"),
        ("POINTSMAN_AUDIT_DAYS", "nan"),
        ("POINTSMAN_AUDIT_DAYS", "1.5"),
        ("POINTSMAN_REQUEST_TIMEOUT_S", ""),
        ("POINTSMAN_REQUEST_TIMEOUT_S", "-1"),
        ("POINTSMAN_REQUEST_TIMEOUT_S", "inf"),
        ("POINTSMAN_PROVIDER_URLS", "{"),
        ("POINTSMAN_PROVIDER_URLS", "[]"),
        ("POINTSMAN_PROVIDER_URLS", '{"openai": 5}'),
    ],
)
def test_a_setting_that_cannot_be_read_is_named(variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=variable):
        Settings.from_env({variable: value})
