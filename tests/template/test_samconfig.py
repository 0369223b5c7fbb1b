"""What `make deploy` sets is what the template takes, for either stack."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
STACKS = {"default": "pointsman-dev", "prod": "pointsman-prod"}


@pytest.fixture
def config() -> dict[str, Any]:
    return tomllib.loads((ROOT / "samconfig.toml").read_text())


def _overrides(config: dict[str, Any], name: str) -> dict[str, str]:
    given: list[str] = config[name]["deploy"]["parameters"]["parameter_overrides"]
    return dict(override.split("=", 1) for override in given)


def _takes(parameter: dict[str, Any], value: str) -> bool:
    if parameter["Type"] == "Number":
        return float(parameter.get("MinValue", value)) <= float(value) <= float(parameter.get("MaxValue", value))
    return re.fullmatch(parameter.get("AllowedPattern", ".*"), value) is not None


@pytest.mark.parametrize("name", STACKS)
def test_each_value_is_one_that_its_parameter_takes(
    written_template: dict[str, Any], config: dict[str, Any], name: str
) -> None:
    for parameter, value in _overrides(config, name).items():
        declared = written_template["Parameters"][parameter]
        assert value in map(str, declared.get("AllowedValues", [value]))
        assert _takes(declared, value)


def test_the_two_stacks_share_neither_name_nor_stage_nor_secrets(config: dict[str, Any]) -> None:
    assert {name: config[name]["global"]["parameters"]["stack_name"] for name in STACKS} == STACKS
    for parameter in ("Stage", "ProviderSecretsPrefix"):
        assert len({_overrides(config, name)[parameter] for name in STACKS}) == len(STACKS)


def test_what_others_rely_on_is_rolled_out_by_and_by(config: dict[str, Any]) -> None:
    assert _overrides(config, "prod")["DeploymentPreference"] != "AllAtOnce"
