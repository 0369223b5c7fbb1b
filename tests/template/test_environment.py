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


def _variables(template: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: function["Environment"]["Variables"] for name, function in functions(template).items()}


def _router_variables(template: dict[str, Any]) -> dict[str, Any]:
    return _variables(template)["RouterFunction"]


def _plain(variables: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in variables.items() if not isinstance(value, dict)}


def _settings() -> set[str]:
    environment = _NamesRead()
    Settings.from_env(environment)
    return environment.names - LOCAL_ONLY


def test_every_setting_is_declared_and_every_variable_is_a_setting(template: dict[str, Any]) -> None:
    assert set(_router_variables(template)) - STARTING == _settings()


def test_no_function_is_told_what_is_no_setting(template: dict[str, Any]) -> None:
    for name, variables in _variables(template).items():
        assert set(variables) - STARTING <= _settings(), name


def test_an_operator_is_told_what_the_command_line_needs(template: dict[str, Any]) -> None:
    written: str = template["Outputs"]["OperatorEnvironment"]["Value"]["Fn::Sub"]
    told = dict(variable.split("=", 1) for variable in written.split())
    assert told.keys() <= _settings()
    router = _router_variables(template)
    assert told == {name: f"${{{router[name]['Ref']}}}" for name in told}
    needed = {name for name in router if name.endswith(("_TABLE", "_QUEUE", "_STORE", "_PREFIX"))}
    assert told.keys() == needed


def test_the_declared_values_are_settings(template: dict[str, Any]) -> None:
    for variables in _variables(template).values():
        Settings.from_env(_plain(variables))
    settings = Settings.from_env(_plain(_router_variables(template)))
    attempts = Policy(safe_default="", reference_model="").max_attempts
    assert settings.request_timeout_s * attempts < functions(template)["RouterFunction"]["Timeout"]


def test_every_reference_names_something_declared(template: dict[str, Any]) -> None:
    declared = template["Resources"].keys() | template["Parameters"].keys()
    for variables in _variables(template).values():
        values = [variables[name] for name in variables.keys() - _plain(variables).keys()]
        references = {value["Ref"] for value in values if "Fn::Sub" not in value}
        assert references
        assert references <= declared


def test_no_variable_holds_a_secret(template: dict[str, Any]) -> None:
    # What is named a secret is the name under which the secret lies, and parameters that hide their value are none.
    for variables in _variables(template).values():
        plain = _plain(variables)
        assert plain.get("POINTSMAN_KEY_PEPPER_SECRET", Settings().key_pepper_secret) == Settings().key_pepper_secret
        assert not [name for name in variables if name.endswith(("_KEY", "_TOKEN", "_PASSWORD"))]
        assert not [name for name, value in variables.items() if "resolve:" in str(value)]
    assert not [name for name, parameter in template["Parameters"].items() if parameter.get("NoEcho")]
