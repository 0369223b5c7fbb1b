"""DynamoDB's clients, the tables' keys, and plain values to and from DynamoDB's. Knows no item's meaning."""

from collections.abc import Mapping
from typing import Any, Final, Literal, Protocol

from botocore.exceptions import ClientError

from pointsman.adapters.dynamodb.values import deserialize, serialize

Operation = Literal["BatchGetItem", "GetItem", "PutItem", "Query", "UpdateItem"]


class Tables(Protocol):
    """What requests wait for: one operation with boto3's parameters and answer, in DynamoDB's own values.

    Raises boto3's errors.
    """

    async def call(self, operation: Operation, **parameters: Any) -> Mapping[str, Any]: ...


# Kind of table -> its key attributes (hash, then range); template.yaml declares the same.
KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "registry": ("kind", "id"),
    "audit": ("id",),
    "keys": ("prefix",),
    "limits": ("id",),
    "sessions": ("id",),
    "spend": ("key_id", "page"),
    "live": ("kind", "id"),
}
# Kind of table -> what of its items its stream tells.
STREAMS: Final[Mapping[str, str]] = {"registry": "KEYS_ONLY", "audit": "NEW_IMAGE"}
KEY_ROLES: Final = ("HASH", "RANGE")


def connect(*, total_attempts: int = 2, service: str = "dynamodb") -> Any:
    """A client for the region and endpoint that the environment names (AWS_REGION, AWS_ENDPOINT_URL).

    Tables are read and written while a caller waits: better an early error, which has its fallback, than a late answer.
    """
    return _open(service, connect_timeout=0.5, read_timeout=1, total_attempts=total_attempts)


def connect_patiently() -> Any:
    """As `connect`, for an operator's commands: no caller waits for them, and nothing stands in for an answer."""
    return _open("dynamodb", connect_timeout=5, read_timeout=30, total_attempts=4)


def _open(service: str, *, connect_timeout: float, read_timeout: float, total_attempts: int) -> Any:
    # Not at a start: what a request waits for does without boto3.
    import boto3
    from botocore.config import Config

    untyped: Any = boto3
    retries: Any = {"total_max_attempts": total_attempts, "mode": "standard"}
    config = Config(
        connect_timeout=connect_timeout, read_timeout=read_timeout, retries=retries, max_pool_connections=50
    )
    return untyped.client(service, config=config)


def is_refused_by_condition(error: ClientError) -> bool:
    told: Any = error.response
    return told["Error"]["Code"] == "ConditionalCheckFailedException"


def create_table(client: Any, name: str, kind: str) -> bool:
    """Create one table, billed on demand. False where it is there already; a stream that it lacks is added."""
    keys = list(zip(KEYS[kind], KEY_ROLES, strict=False))
    try:
        client.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key, _ in keys],
            KeySchema=[{"AttributeName": key, "KeyType": role} for key, role in keys],
            **_stream_of(kind),
        )
    except client.exceptions.ResourceInUseException:
        _add_missing_stream(client, name, kind)
        return False
    client.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    return True


def _add_missing_stream(client: Any, name: str, kind: str) -> None:
    has_stream = "LatestStreamArn" in client.describe_table(TableName=name)["Table"]
    if kind in STREAMS and not has_stream:
        client.update_table(TableName=name, **_stream_of(kind))


def _stream_of(kind: str) -> dict[str, Any]:
    view = STREAMS.get(kind)
    return {"StreamSpecification": {"StreamEnabled": True, "StreamViewType": view}} if view else {}


def to_item(values: Mapping[str, Any]) -> dict[str, Any]:
    """Plain values as a DynamoDB item; keys whose value is None are left out."""
    return {name: serialize(value) for name, value in values.items() if value is not None}


def from_item(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: deserialize(value) for name, value in item.items()}
