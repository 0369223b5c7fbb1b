"""Least privilege: every function has a role of its own, which names what it may do and to what."""

from typing import Any, cast

import pytest

from local.sam_template import functions, resources, statements, statements_of, with_parameters

# X-Ray knows no resources for these actions.
UNNAMEABLE = {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}


@pytest.fixture(params=["ssm", "secretsmanager"])
def template(request: pytest.FixtureRequest, written_template: dict[str, Any]) -> dict[str, Any]:
    return with_parameters(written_template, SecretsStore=request.param)


def _as_list(value: Any) -> list[Any]:
    return cast(list[Any], value) if isinstance(value, list) else [value]


def test_every_function_has_its_own_hand_written_role(template: dict[str, Any]) -> None:
    roles = [function["Role"]["Fn::GetAtt"][0] for function in functions(template).values()]
    assert sorted(roles) == sorted(resources(template, "AWS::IAM::Role"))
    assert not any("Policies" in function for function in functions(template).values())
    assert not any("ManagedPolicyArns" in role for role in resources(template, "AWS::IAM::Role").values())


def test_no_action_is_a_pattern(template: dict[str, Any]) -> None:
    actions = [action for statement in statements(template) for action in _as_list(statement["Action"])]
    assert actions
    assert not [action for action in actions if "*" in action]


def test_every_resource_that_can_be_named_is_named(template: dict[str, Any]) -> None:
    for statement in statements(template):
        if "*" in _as_list(statement["Resource"]):
            assert set(_as_list(statement["Action"])) <= UNNAMEABLE


# The registry's rows name Bedrock's models, and may name others tomorrow.
NAMED_LATER = {"CallBedrock"}


def test_no_resource_is_as_good_as_all(template: dict[str, Any]) -> None:
    for statement in statements(template):
        for resource in _as_list(statement["Resource"]):
            named = resource if isinstance(resource, str) else str(next(iter(resource.values())))
            assert named == "*" or "*" not in named or statement["Sid"] in NAMED_LATER


# What the router may do in all, so that a new permission is a decision and shows in a review.
ROUTER = {
    "bedrock:InvokeModel",
    "bedrock:InvokeModelWithResponseStream",
    "dynamodb:BatchGetItem",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:UpdateItem",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "secretsmanager:GetSecretValue",
    "sqs:SendMessage",
    "ssm:GetParametersByPath",
    *UNNAMEABLE,
}


def test_the_router_may_do_this_and_no_more(template: dict[str, Any]) -> None:
    role = resources(template, "AWS::IAM::Role")["RouterRole"]
    actions = {action for statement in statements_of(role) for action in _as_list(statement["Action"])}
    assert actions <= ROUTER
    assert len(actions & {"ssm:GetParametersByPath", "secretsmanager:GetSecretValue"}) == 1


# Sid -> actions: what follows a stream writes one table and reads no other.
PULSE = {
    "KeepLiveFigures": {"dynamodb:GetItem", "dynamodb:PutItem"},
    "FollowAudit": {f"dynamodb:{name}" for name in ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")},
    "SetAsideWhatCannotBeTracked": {"sqs:SendMessage"},
    "WriteLogs": {"logs:CreateLogStream", "logs:PutLogEvents"},
    "Trace": UNNAMEABLE,
}


def test_pulse_may_do_this_and_no_more(template: dict[str, Any]) -> None:
    role = resources(template, "AWS::IAM::Role")["PulseRole"]
    assert {statement["Sid"]: set(_as_list(statement["Action"])) for statement in statements_of(role)} == PULSE


# What a function may do to the registry's table where it edits it.
EDIT = {
    f"dynamodb:{name}"
    for name in ("GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem")
}


def test_prices_may_edit_the_registry_and_no_more(template: dict[str, Any]) -> None:
    role = resources(template, "AWS::IAM::Role")["PricesRole"]
    allowed = {statement["Sid"]: set(_as_list(statement["Action"])) for statement in statements_of(role)}
    assert allowed == {"EditRegistry": EDIT, "WriteLogs": PULSE["WriteLogs"], "Trace": UNNAMEABLE}


def test_the_router_cannot_change_registry_or_keys(template: dict[str, Any]) -> None:
    role = resources(template, "AWS::IAM::Role")["RouterRole"]
    allowed = {statement["Sid"]: _as_list(statement["Action"]) for statement in statements_of(role)}
    assert allowed["ReadRegistry"] == ["dynamodb:GetItem", "dynamodb:BatchGetItem"]
    assert allowed["LookUpKey"] == ["dynamodb:GetItem"]
    assert not any("Delete" in action for actions in allowed.values() for action in actions)
