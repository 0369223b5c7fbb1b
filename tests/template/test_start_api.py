"""What `make start-api` serves is the template, its functions' variables those of the local stack and no secret."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from pointsman.adapters.providers.spec import load_catalog
from pointsman.settings import Settings

from local.folders import Folders
from local.ministack import PYTHON
from local.sam_local import local_variables, settle
from local.sam_template import functions
from local.stack import Stack
from local.start_api import plan


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    if not PYTHON.exists():
        pytest.skip("the DynamoDB emulator is not installed: make setup")
    return plan({"PORT": "0" * 4 + "1", "POINTSMAN_REGISTRY_TABLE": "of-another-run"}, Folders(tmp_path))


def test_the_functions_are_told_where_a_container_finds_the_local_stack(template: dict[str, Any], stack: Stack) -> None:
    settled = settle(deepcopy(template), local_variables(stack))
    for name, function in functions(settled).items():
        variables = function["Environment"]["Variables"]
        settings = Settings.from_env(variables)
        assert {settings.registry_table, settings.keys_table} == {"pointsman-registry", "pointsman-keys"}, name
        assert settings.secrets_prefix == "/pointsman/start-api"
        assert settings.provider_urls.keys() == load_catalog().keys() & stack.providers.urls.keys()
        for url in (variables["AWS_ENDPOINT_URL"], *settings.provider_urls.values()):
            assert url.startswith("http://host.docker.internal:"), name
        assert "AWS_LAMBDA_EXEC_WRAPPER" not in variables


def test_nothing_but_variables_is_changed_and_none_of_them_is_a_secret(template: dict[str, Any], stack: Stack) -> None:
    before, settled = deepcopy(template), settle(deepcopy(template), local_variables(stack))
    for function in functions(settled).values():
        assert not [name for name in function["Environment"]["Variables"] if name.endswith(("_KEY", "_PEPPER"))]
    for declared in (before, settled):
        for function in functions(declared).values():
            function["Environment"]["Variables"].clear()
    assert json.dumps(settled) == json.dumps(before)
