"""The API lets through what the application answers: each method by name, on a regional endpoint."""

from typing import Any

from local.sam_template import functions, resources

PREFIXES = ("/v1/{proxy+}", "/api/v1/{proxy+}")


def _routes(template: dict[str, Any]) -> set[tuple[str, str]]:
    events = functions(template)["RouterFunction"]["Events"].values()
    return {(event["Properties"]["Method"], event["Properties"]["Path"]) for event in events}


def test_the_endpoint_is_regional(template: dict[str, Any]) -> None:
    (api,) = resources(template, "AWS::Serverless::Api").values()
    assert api["EndpointConfiguration"] == {"Type": "REGIONAL"}


def test_forms_reach_the_function_byte_by_byte(template: dict[str, Any]) -> None:
    # Everything else that is sent here is text.
    (api,) = resources(template, "AWS::Serverless::Api").values()
    assert api["BinaryMediaTypes"] == ["multipart~1form-data"]


def test_clients_of_openai_and_of_openrouter_find_their_paths(template: dict[str, Any]) -> None:
    expected = {(method, path) for method in ("GET", "POST") for path in PREFIXES}
    assert _routes(template) == expected | {("GET", "/healthz")}


def test_every_event_belongs_to_the_declared_api(template: dict[str, Any]) -> None:
    events = functions(template)["RouterFunction"]["Events"].values()
    assert {event["Type"] for event in events} == {"Api"}
    assert all(event["Properties"]["RestApiId"] == {"Ref": "Api"} for event in events)
