"""What is deployed to the emulator is the template, but for what the emulator lacks."""

from copy import deepcopy
from typing import Any

from local.sam_deployment import localise
from local.sam_template import functions, statements

URLS = {"openai": "http://127.0.0.1:1/openai/v1"}


def _without_environment(template: dict[str, Any]) -> dict[str, Any]:
    copy = deepcopy(template)
    for function in functions(copy).values():
        function["Environment"]["Variables"].clear()
    for statement in statements(copy):
        if statement["Sid"] == "ReadSecrets":
            statement["Resource"] = None
    return copy


def test_only_the_environment_and_the_secrets_statement_are_changed(template: dict[str, Any]) -> None:
    localised = localise(deepcopy(template), provider_urls=URLS)
    assert localised != template
    assert _without_environment(localised) == _without_environment(template)


def test_of_the_environment_only_the_model_and_the_providers_are_replaced(template: dict[str, Any]) -> None:
    localised = localise(deepcopy(template), provider_urls=URLS)
    before = functions(template)["RouterFunction"]["Environment"]["Variables"]
    after = functions(localised)["RouterFunction"]["Environment"]["Variables"]
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {"POINTSMAN_META_MODEL_DIR", "POINTSMAN_PROVIDER_URLS"}
    assert before.keys() <= after.keys()
