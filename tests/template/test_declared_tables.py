"""The tables have the keys that the adapters use, and lose nothing by accident."""

from typing import Any

from pointsman.adapters.dynamodb.tables import KEYS

from local.sam_template import resources

KIND = "AWS::DynamoDB::Table"


def test_table_keys_are_those_of_the_adapters(template: dict[str, Any]) -> None:
    declared = {
        name.removesuffix("Table").lower(): tuple(key["AttributeName"] for key in table["KeySchema"])
        for name, table in resources(template, KIND).items()
    }
    assert declared == dict(KEYS)


def test_tables_are_on_demand_encrypted_and_recoverable(template: dict[str, Any]) -> None:
    tables = resources(template, KIND)
    assert tables
    for table in tables.values():
        assert table["BillingMode"] == "PAY_PER_REQUEST"
        assert table["SSESpecification"] == {"SSEEnabled": True}
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}


def test_what_holds_data_outlives_the_stack(template: dict[str, Any]) -> None:
    keepers = {KIND, "AWS::SecretsManager::Secret"}
    kept = [resource for resource in template["Resources"].values() if resource["Type"] in keepers]
    assert kept
    for resource in kept:
        assert resource["DeletionPolicy"] == "RetainExceptOnCreate"
        assert resource["UpdateReplacePolicy"] == "Retain"


def test_audit_records_expire_and_can_be_followed(template: dict[str, Any]) -> None:
    audit = resources(template, KIND)["AuditTable"]
    assert audit["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert audit["StreamSpecification"] == {"StreamViewType": "NEW_IMAGE"}
