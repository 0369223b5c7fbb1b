"""The tables have the keys that the adapters use, and lose nothing by accident."""

from typing import Any

from pointsman.adapters.dynamodb.tables import KEYS, STREAMS

from local.sam_template import resources

KIND = "AWS::DynamoDB::Table"
# Holds nothing that outlives its minute.
PASSING = {"LimitsTable", "SessionsTable", "LiveTable"}


def test_table_keys_are_those_of_the_adapters(template: dict[str, Any]) -> None:
    declared = {
        name.removesuffix("Table").lower(): tuple(key["AttributeName"] for key in table["KeySchema"])
        for name, table in resources(template, KIND).items()
    }
    assert declared == dict(KEYS)


def test_tables_are_on_demand_encrypted_and_recoverable(template: dict[str, Any]) -> None:
    tables = resources(template, KIND)
    assert tables.keys() > PASSING
    for name, table in tables.items():
        assert table["BillingMode"] == "PAY_PER_REQUEST"
        assert table["SSESpecification"] == {"SSEEnabled": True}
        recovery = table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]
        assert recovery is (name not in PASSING)


def test_passing_counters_expire(template: dict[str, Any]) -> None:
    for name in PASSING:
        expiry = resources(template, KIND)[name]["TimeToLiveSpecification"]
        assert expiry == {"AttributeName": "expires_at", "Enabled": True}


def test_what_holds_data_outlives_the_stack(template: dict[str, Any]) -> None:
    keepers = {KIND, "AWS::SQS::Queue"}
    kept = [
        resource
        for name, resource in template["Resources"].items()
        if resource["Type"] in keepers and name not in PASSING
    ]
    assert kept
    for resource in kept:
        assert resource["DeletionPolicy"] == "RetainExceptOnCreate"
        assert resource["UpdateReplacePolicy"] == "Retain"


def test_audit_records_expire_and_can_be_followed(template: dict[str, Any]) -> None:
    audit = resources(template, KIND)["AuditTable"]
    assert audit["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert audit["StreamSpecification"] == {"StreamViewType": "NEW_IMAGE"}


def test_streams_show_what_they_show_on_ones_own_machine(template: dict[str, Any]) -> None:
    views = {
        name.removesuffix("Table").lower(): table["StreamSpecification"]["StreamViewType"]
        for name, table in resources(template, KIND).items()
        if "StreamSpecification" in table
    }
    assert views == dict(STREAMS)


def test_queues_are_encrypted_and_keep_what_waits_for_as_long_as_they_can(template: dict[str, Any]) -> None:
    queues = resources(template, "AWS::SQS::Queue")
    assert queues
    for queue in queues.values():
        assert queue["SqsManagedSseEnabled"] is True
        assert queue["MessageRetentionPeriod"] == 14 * 24 * 3600
