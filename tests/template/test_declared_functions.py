"""Every function folder is declared, and each function can be watched, published and found."""

import json
from pathlib import Path
from typing import Any, get_args

import pytest
from pointsman.domain.ledger import Outcome

from local.sam_template import functions, resources, with_parameters

ROOT = Path(__file__).parents[2]
APP_LINES = 10


def test_every_folder_is_a_function_and_every_function_a_folder(template: dict[str, Any]) -> None:
    folders = {f"functions/{path.parent.name}" for path in (ROOT / "functions").glob("*/app.py")}
    assert folders == {function["CodeUri"] for function in functions(template).values()}


def test_a_function_folder_holds_no_logic(template: dict[str, Any]) -> None:
    for function in functions(template).values():
        lines = (ROOT / function["CodeUri"] / "app.py").read_text().splitlines()
        assert function["Handler"] == "app.handler"
        assert len(lines) <= APP_LINES


def test_functions_run_where_layers_are_built_for(template: dict[str, Any]) -> None:
    layers = resources(template, "AWS::Serverless::LayerVersion")
    for function in functions(template).values():
        used = [layers[layer["Ref"]] for layer in function["Layers"]]
        assert used
        assert all(function["Runtime"] in layer["CompatibleRuntimes"] for layer in used)
        assert all(function["Architectures"] == layer["CompatibleArchitectures"] for layer in used)
        assert function["Architectures"] == [{"Ref": "Architecture"}]


def test_layers_hold_their_source_without_a_python_folder(template: dict[str, Any]) -> None:
    # SAM puts everything under python/ by itself: such a folder would end as python/python/.
    for layer in resources(template, "AWS::Serverless::LayerVersion").values():
        folder = ROOT / layer["ContentUri"]
        assert (folder / "requirements.txt").is_file()
        assert not (folder / "python").exists()


def test_a_layer_only_change_is_published(template: dict[str, Any]) -> None:
    for function in functions(template).values():
        assert function["AutoPublishAlias"] == "live"
        assert function["AutoPublishAliasAllProperties"] is True


def test_every_function_is_traced_and_its_log_is_not_kept_for_ever(template: dict[str, Any]) -> None:
    log_groups = resources(template, "AWS::Logs::LogGroup")
    for function in functions(template).values():
        assert function["Tracing"] == "Active"
        assert "RetentionInDays" in log_groups[function["LoggingConfig"]["LogGroup"]["Ref"]]


def _api_events(function: dict[str, Any]) -> list[dict[str, Any]]:
    return [event["Properties"] for event in function.get("Events", {}).values() if event["Type"] == "Api"]


def test_no_function_outlives_what_api_gateway_waits_for(template: dict[str, Any]) -> None:
    for function in functions(template).values():
        for event in _api_events(function):
            assert function["Timeout"] * 1000 <= event.get("TimeoutInMillis", 29_000)


def test_all_that_the_router_answers_is_streamed(template: dict[str, Any]) -> None:
    # The runtime cannot tell a streamed invocation from a buffered one: so all are the same.
    router = functions(template)["RouterFunction"]
    assert {event["ResponseTransferMode"] for event in _api_events(router)} == {"RESPONSE_STREAM"}
    assert router["Environment"]["Variables"]["AWS_LAMBDA_EXEC_WRAPPER"] == "/opt/streaming_runtime"
    assert (ROOT / "layers" / "pointsman" / "streaming_runtime").stat().st_mode & 0o111


def test_the_web_adapter_brings_its_layer_and_starts_a_web_server(written_template: dict[str, Any]) -> None:
    for processor, architecture in (("X86", "x86_64"), ("Arm64", "arm64")):
        template = with_parameters(written_template, Streaming="lwa", Architecture=architecture)
        router = functions(template)["RouterFunction"]
        assert router["Handler"] == "serve.sh"
        assert (ROOT / router["CodeUri"] / "serve.sh").stat().st_mode & 0o111
        arn, values = router["Layers"][-1]["Fn::Sub"]
        assert ":753240598075:layer:LambdaAdapterLayer${Processor}:" in arn
        assert values == {"Processor": processor}
        assert router["Environment"]["Variables"]["AWS_LAMBDA_EXEC_WRAPPER"] == "/opt/bootstrap"
        # Nothing would tell the app behind the adapter that it was restored.
        assert router["SnapStart"] == {"ApplyOn": "None"}


def test_an_operator_s_layer_comes_along_where_one_is_named(written_template: dict[str, Any]) -> None:
    arn = "arn:aws:lambda:eu-west-1:123456789012:layer:mine:1"
    router = functions(with_parameters(written_template, OperatorLayer=arn))["RouterFunction"]
    assert router["Layers"][-1] == {"Ref": "OperatorLayer"}
    without = functions(with_parameters(written_template))["RouterFunction"]
    assert without["Layers"] == router["Layers"][:-1]


@pytest.mark.parametrize(("parameter", "applies"), [("on", "PublishedVersions"), ("off", "None")])
def test_snapshots_are_of_published_versions_where_wished(
    written_template: dict[str, Any], parameter: str, applies: str
) -> None:
    router = functions(with_parameters(written_template, SnapStart=parameter))["RouterFunction"]
    assert router["SnapStart"] == {"ApplyOn": applies}


def test_a_new_version_of_the_router_is_rolled_back_by_alarms_that_are_there(template: dict[str, Any]) -> None:
    alarms = resources(template, "AWS::CloudWatch::Alarm")
    watched = [alarm["Ref"] for alarm in functions(template)["RouterFunction"]["DeploymentPreference"]["Alarms"]]
    assert len(watched) >= 2
    assert set(watched) <= alarms.keys()


def test_what_follows_the_audit_log_gives_up_on_no_record_silently(template: dict[str, Any]) -> None:
    (mapping,) = [event["Properties"] for event in functions(template)["PulseFunction"]["Events"].values()]
    assert mapping["Stream"] == {"Fn::GetAtt": ["AuditTable", "StreamArn"]}
    assert mapping["BisectBatchOnFunctionError"] is True
    assert mapping["MaximumRetryAttempts"] > 0
    queue, _ = mapping["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"]
    assert queue in resources(template, "AWS::SQS::Queue")
    (watched,) = resources(template, "AWS::CloudWatch::Alarm")["PulseFailuresAlarm"]["Dimensions"]
    assert watched["Value"] == {"Fn::GetAtt": [queue, "QueueName"]}


def test_the_audit_log_is_filtered_by_outcomes_that_there_are(template: dict[str, Any]) -> None:
    (mapping,) = [event["Properties"] for event in functions(template)["PulseFunction"]["Events"].values()]
    (pattern,) = [json.loads(each["Pattern"]) for each in mapping["FilterCriteria"]["Filters"]]
    followed = set(pattern["dynamodb"]["NewImage"]["outcome"]["S"])
    # Nobody was called for the others.
    assert set(get_args(Outcome)) - followed == {"decided", "rejected"}


def test_prices_are_refreshed_daily_and_a_refresh_that_does_not_come_is_told(template: dict[str, Any]) -> None:
    (daily,) = functions(template)["PricesFunction"]["Events"].values()
    assert (daily["Type"], daily["Properties"]["Schedule"]) == ("Schedule", "rate(1 day)")
    alarm = resources(template, "AWS::CloudWatch::Alarm")["StalePricesAlarm"]
    # No refresh at all gives no figure.
    assert (alarm["MetricName"], alarm["TreatMissingData"]) == ("PriceRefreshes", "breaching")


def test_the_web_acl_is_there_only_where_wished(written_template: dict[str, Any]) -> None:
    for wish, there in (("on", 1), ("off", 0)):
        template = with_parameters(written_template, Waf=wish)
        assert len(resources(template, "AWS::WAFv2::WebACL")) == there
        assert len(resources(template, "AWS::WAFv2::WebACLAssociation")) == there


def test_the_spend_function_is_told_each_batchs_shard_and_one_batch_at_a_time(template: dict[str, Any]) -> None:
    (event,) = functions(template)["SpendFunction"]["Events"].values()
    assert event["Properties"]["TumblingWindowInSeconds"] > 0
    assert "ParallelizationFactor" not in event["Properties"]


def test_no_part_of_a_stream_is_given_up_in_silence(template: dict[str, Any]) -> None:
    """What is tried a limited number of times is set aside in a queue that is watched; for the rest its lag is."""
    streams = [
        (name, event["Properties"])
        for name, function in functions(template).items()
        for event in function.get("Events", {}).values()
        if event["Type"] == "DynamoDB"
    ]
    watched = [alarm["Dimensions"][0]["Value"] for alarm in _alarms_of_one_metric(template)]
    assert streams
    for name, stream in streams:
        if "MaximumRetryAttempts" in stream:
            queue, _ = stream["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"]
            assert {"Fn::GetAtt": [queue, "QueueName"]} in watched
        else:
            assert {"Ref": name} in watched


def _alarms_of_one_metric(template: dict[str, Any]) -> list[dict[str, Any]]:
    return [alarm for alarm in resources(template, "AWS::CloudWatch::Alarm").values() if "Dimensions" in alarm]
