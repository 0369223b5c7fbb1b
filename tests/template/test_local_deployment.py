"""What is deployed to the emulator is the template, but for what the emulator lacks."""

from copy import deepcopy
from typing import Any

from local.sam_deployment import is_beyond_emulator, is_in_windows, localise
from local.sam_template import functions, resources, statements

URLS = {"openai": "http://127.0.0.1:1/openai/v1"}


def _without_what_the_emulator_lacks(template: dict[str, Any]) -> dict[str, Any]:
    copy = deepcopy(template)
    copy["Resources"] = {name: kept for name, kept in copy["Resources"].items() if not is_beyond_emulator(kept)}
    for function in resources(copy, "AWS::Serverless::Function").values():
        function["Environment"]["Variables"].clear()
        function.pop("DeploymentPreference", None)
        function["Events"] = {name: kept for name, kept in function["Events"].items() if not is_in_windows(kept)}
        for event in function["Events"].values():
            kept = {"RestApiId", "Method", "Path"}
            event["Properties"] = {name: value for name, value in event["Properties"].items() if name in kept}
    for api in resources(copy, "AWS::Serverless::Api").values():
        api["BinaryMediaTypes"] = [kind.replace("~1", "/") for kind in api["BinaryMediaTypes"]]
    for statement in statements(copy):
        if statement["Sid"] == "ReadSecrets":
            statement["Resource"] = None
    return copy


def test_only_what_the_emulator_lacks_is_changed(template: dict[str, Any]) -> None:
    localised = localise(deepcopy(template), provider_urls=URLS)
    assert localised != template
    assert _without_what_the_emulator_lacks(localised) == _without_what_the_emulator_lacks(template)


def test_no_more_than_what_watches_is_left_out_for_the_emulator(template: dict[str, Any]) -> None:
    localised = localise(deepcopy(template), provider_urls=URLS)
    gone = template["Resources"].keys() - localised["Resources"].keys()
    kinds = {template["Resources"][name]["Type"] for name in gone}
    assert kinds == {"AWS::CloudWatch::Dashboard", "AWS::Logs::QueryDefinition", "AWS::CloudWatch::Alarm"}
    assert not gone & {"RouterErrorsAlarm", "ApiFaultsAlarm"}


def test_of_the_environment_only_the_model_the_providers_and_the_runtime_are_replaced(template: dict[str, Any]) -> None:
    localised = localise(deepcopy(template), provider_urls=URLS)
    before = functions(template)["RouterFunction"]["Environment"]["Variables"]
    after = functions(localised)["RouterFunction"]["Environment"]["Variables"]
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {"POINTSMAN_META_MODEL_DIR", "POINTSMAN_PROVIDER_URLS"}
    assert before.keys() - after.keys() == {"AWS_LAMBDA_EXEC_WRAPPER"}
