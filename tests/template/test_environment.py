"""Functions are configured by Settings and by nothing else, and no secret lies where the console shows it."""

from collections.abc import Iterator, Mapping
from typing import Any

from pointsman.domain.registry import Policy
from pointsman.settings import Settings

from local.sam_template import functions

# Read by Lambda and by the Web Adapter, before anything of ours runs.
STARTING = {"AWS_LAMBDA_EXEC_WRAPPER", "AWS_LWA_INVOKE_MODE", "AWS_LWA_READINESS_CHECK_PATH"}
LOCAL_ONLY = {"POINTSMAN_LOCAL_KEY", "POINTSMAN_PROVIDER_URLS"}


class _NamesRead(Mapping[str, str]):
    """An environment that is empty and remembers what it was asked for."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def _variables(template: dict[str, Any]) -> dict[str, Any]:
    return functions(template)["RouterFunction"]["Environment"]["Variables"]


def _plain_variables(template: dict[str, Any]) -> dict[str, str]:
    values = _variables(template).items()
    return {name: str(value) for name, value in values if not isinstance(value, dict)}


def test_every_setting_is_declared_and_every_variable_is_a_setting(template: dict[str, Any]) -> None:
    environment = _NamesRead()
    Settings.from_env(environment)
    assert set(_variables(template)) - STARTING == environment.names - LOCAL_ONLY


def test_the_declared_values_are_settings(template: dict[str, Any]) -> None:
    settings = Settings.from_env(_plain_variables(template))
    attempts = Policy(safe_default="", reference_model="").max_attempts
    assert settings.request_timeout_s * attempts < functions(template)["RouterFunction"]["Timeout"]


def test_every_reference_names_something_declared(template: dict[str, Any]) -> None:
    declared = template["Resources"].keys() | template["Parameters"].keys()
    variables = _variables(template)
    values = [variables[name] for name in variables.keys() - _plain_variables(template).keys()]
    references = {value["Ref"] for value in values if "Fn::Sub" not in value}
    assert references
    assert references <= declared


def test_no_variable_holds_a_secret(template: dict[str, Any]) -> None:
    # What is named a secret is the name under which the secret lies, and parameters that hide their value are none.
    plain = _plain_variables(template)
    assert plain["POINTSMAN_KEY_PEPPER_SECRET"] == Settings().key_pepper_secret
    assert not [name for name in plain if name.endswith(("_KEY", "_TOKEN", "_PASSWORD"))]
    assert not [name for name, parameter in template["Parameters"].items() if parameter.get("NoEcho")]
