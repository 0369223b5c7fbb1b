"""AWS credentials of this process: from the environment at once, else by botocore, which takes long to import.

Knows no provider.
"""

import os
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple, Protocol


class AwsCredentials(Protocol):
    """What botocore finds: keys that renew themselves where they are temporary."""

    def get_frozen_credentials(self) -> Any: ...


class EnvironmentCredentials(NamedTuple):
    """Implements AwsCredentials, and is what it freezes to."""

    access_key: str
    secret_key: str
    token: str | None

    def get_frozen_credentials(self) -> "EnvironmentCredentials":
        return self


@cache
def find_aws_credentials() -> AwsCredentials | None:
    """Those of the Lambda function's role or of the machine; None where there are none."""
    return read_environment() or _search()


def read_environment(environment: Mapping[str, str] = os.environ) -> EnvironmentCredentials | None:
    """None where the environment holds none, or some that end: botocore renews those."""
    if environment.get("AWS_CREDENTIAL_EXPIRATION"):
        return None
    access_key, secret_key = environment.get("AWS_ACCESS_KEY_ID"), environment.get("AWS_SECRET_ACCESS_KEY")
    token = environment.get("AWS_SECURITY_TOKEN") or environment.get("AWS_SESSION_TOKEN")
    return EnvironmentCredentials(access_key, secret_key, token) if access_key and secret_key else None


def _search() -> AwsCredentials | None:
    from botocore.session import Session

    session: Any = Session()
    return session.get_credentials()
