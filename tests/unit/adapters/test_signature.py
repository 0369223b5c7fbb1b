"""Our signature is the one that botocore makes, whatever is signed."""

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore import auth
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st
from pointsman.adapters.dynamodb.signature import sign_post

HEADERS = {"content-type": "application/x-amz-json-1.0", "x-amz-target": "DynamoDB_20120810.PutItem"}
WORDS = st.text("abcABC019/+=-", min_size=1, max_size=60)


def sign_as_botocore(credentials: Credentials, content: bytes, *, host: str, region: str, at: float) -> dict[str, str]:
    request: Any = AWSRequest(method="POST", url=f"https://{host}/", data=content, headers=HEADERS)
    signer: Any = SigV4Auth(credentials, "dynamodb", region)
    with pytest.MonkeyPatch.context() as stopped:
        stopped.setattr(auth, "get_current_datetime", lambda: datetime.fromtimestamp(at, UTC))
        signer.add_auth(request)
    return {name.lower(): value for name, value in request.headers.items()}


@given(
    access_key=WORDS,
    secret=WORDS,
    token=st.none() | WORDS,
    content=st.binary(min_size=1, max_size=200),
    host=st.sampled_from(["dynamodb.eu-west-1.amazonaws.com", "127.0.0.1:4566"]),
    region=st.sampled_from(["eu-west-1", "cn-north-1"]),
    at=st.integers(0, 4_000_000_000),
)
def test_it_signs_as_botocore_does(
    access_key: str, secret: str, token: str | None, content: bytes, host: str, region: str, at: int
) -> None:
    keys = Credentials(access_key, secret, token)
    ours = sign_post(
        keys.get_frozen_credentials(), HEADERS, content, host=host, service="dynamodb", region=region, at=at
    )
    theirs = sign_as_botocore(keys, content, host=host, region=region, at=at)
    assert {name: value for name, value in ours.items() if name != "host"} == theirs
    assert ours["host"] == host
