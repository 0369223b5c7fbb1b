"""Least privilege: every function has a role of its own, which names what it may do and to what."""

from typing import Any, cast

import pytest

from local.sam_template import functions, resources, statements, statements_of, with_parameters

# X-Ray knows no resources for these actions.
UNNAMEABLE = {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}


@pytest.fixture(params=["ssm", "secretsmanager"])
def secrets_store(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def template(secrets_store: str, written_template: dict[str, Any]) -> dict[str, Any]:
    return with_parameters(written_template, SecretsStore=secrets_store)


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


def _dynamodb(*actions: str) -> set[str]:
    return {f"dynamodb:{action}" for action in actions}


LOG = {"WriteLogs": {"logs:CreateLogStream", "logs:PutLogEvents"}, "Trace": UNNAMEABLE}
SECRETS = {"ssm": {"ssm:GetParametersByPath"}, "secretsmanager": {"secretsmanager:GetSecretValue"}}
FOLLOW = _dynamodb("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")
# The registry is edited in transactions of puts and deletes, over documents that are put before.
EDIT = _dynamodb("GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem")

# Function -> Sid -> actions: all that each may do, so that a new permission is a decision and shows in a review.
ALLOWED: dict[str, dict[str, set[str]]] = {
    "Router": {
        "ReadRegistry": _dynamodb("GetItem", "BatchGetItem"),
        "WriteAuditRecordReadOneBackAndGradeIt": _dynamodb("PutItem", "GetItem", "UpdateItem"),
        "KeepWhatTheAuditTableDidNotTake": {"sqs:SendMessage"},
        "LookUpKey": _dynamodb("GetItem"),
        "CountRequests": _dynamodb("UpdateItem"),
        "FollowSessions": _dynamodb("GetItem", "PutItem"),
        "ReadLiveFigures": _dynamodb("Query"),
        "KeepBudgetsAndTellSpend": _dynamodb("GetItem", "Query", "UpdateItem"),
        "CallBedrock": {"bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"},
    },
    "Control": {
        "EditRegistry": EDIT,
        "ReadStoredDecisions": _dynamodb("Scan"),
        "LookUpOperator": _dynamodb("GetItem"),
    },
    "Edits": {"AdoptEdits": EDIT, "FollowEdits": FOLLOW, "SetAsideWhatCannotBeJudged": {"sqs:SendMessage"}},
    "Spend": {"CountSpend": _dynamodb("GetItem", "PutItem"), "FollowAudit": FOLLOW},
    "Pulse": {
        "KeepLiveFigures": _dynamodb("GetItem", "PutItem"),
        "FollowAudit": FOLLOW,
        "SetAsideWhatCannotBeTracked": {"sqs:SendMessage"},
    },
    "Prices": {"EditRegistry": EDIT},
}


def test_each_function_may_do_this_and_no_more(template: dict[str, Any], secrets_store: str) -> None:
    roles = resources(template, "AWS::IAM::Role")
    for name, expected in ALLOWED.items():
        given = statements_of(roles[f"{name}Role"])
        allowed = {statement["Sid"]: set(_as_list(statement["Action"])) for statement in given}
        secrets = {"ReadSecrets": SECRETS[secrets_store]} if name in {"Router", "Control"} else {}
        assert allowed == {**expected, **secrets, **LOG}, name
    assert len(ALLOWED) == len(roles)


def test_a_key_of_the_operators_own_may_be_used_by_those_who_read_secrets_alone(
    written_template: dict[str, Any],
) -> None:
    key = "arn:aws:kms:eu-west-1:123456789012:key/of-the-operators-own"
    roles = resources(with_parameters(written_template, SecretsKeyArn=key), "AWS::IAM::Role")
    named = {
        name: statement["Resource"]
        for name, role in roles.items()
        for statement in statements_of(role)
        if "kms:Decrypt" in _as_list(statement["Action"])
    }
    assert named == {"RouterRole": {"Ref": "SecretsKeyArn"}, "ControlRole": {"Ref": "SecretsKeyArn"}}


def test_a_function_is_told_of_the_tables_that_it_may_use_and_of_no_others(template: dict[str, Any]) -> None:
    roles = resources(template, "AWS::IAM::Role")
    for name, function in functions(template).items():
        used = [
            _named_by(resource)
            for statement in statements_of(roles[function["Role"]["Fn::GetAtt"][0]])
            for resource in _as_list(statement["Resource"])
        ]
        variables = function["Environment"]["Variables"]
        told = {variable: value for variable, value in variables.items() if variable.endswith("_TABLE")}
        assert {value["Ref"] for value in told.values()} == {table for table in used if table.endswith("Table")}, name
        for variable, value in told.items():
            assert variable == f"POINTSMAN_{value['Ref'].removesuffix('Table').upper()}_TABLE"


def _named_by(resource: Any) -> str:
    """The table whose ARN this is; empty for anything else, also for a table's stream."""
    match resource:
        case {"Fn::GetAtt": [str(owner), "Arn"]}:
            return owner
        case _:
            return ""


def test_the_router_cannot_change_registry_or_keys(template: dict[str, Any]) -> None:
    role = resources(template, "AWS::IAM::Role")["RouterRole"]
    allowed = {statement["Sid"]: _as_list(statement["Action"]) for statement in statements_of(role)}
    assert allowed["ReadRegistry"] == ["dynamodb:GetItem", "dynamodb:BatchGetItem"]
    assert allowed["LookUpKey"] == ["dynamodb:GetItem"]
    assert not any("Delete" in action for actions in allowed.values() for action in actions)
