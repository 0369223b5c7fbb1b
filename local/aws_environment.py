"""Where the API finds DynamoDB, and with which credentials."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from local import ministack, ports

# Any credentials do in an emulator.
_TEST_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
_REAL_CREDENTIALS = ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


def aws_environment(env: Mapping[str, str], *, emulator_port: int | None) -> dict[str, str]:
    """`env` with what boto3 needs for our emulator, or for the one that AWS_ENDPOINT_URL names."""
    region = env.get("AWS_REGION", "us-east-1")
    located = {**env, "AWS_REGION": region, "AWS_DEFAULT_REGION": region}
    if emulator_port is not None:
        # An operator's real credentials have no business in an emulator.
        own = {name: value for name, value in located.items() if name not in _REAL_CREDENTIALS}
        return {**own, **_TEST_CREDENTIALS, "AWS_ENDPOINT_URL": ministack.endpoint(emulator_port)}
    has_credentials = any(env.get(name) for name in _REAL_CREDENTIALS)
    is_here = urlsplit(env["AWS_ENDPOINT_URL"]).hostname in (ports.LOOPBACK, "localhost")
    return located if has_credentials or not is_here else {**located, **_TEST_CREDENTIALS}
