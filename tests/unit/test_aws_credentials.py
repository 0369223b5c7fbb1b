"""The environment's credentials are the ones that botocore finds there, and what it renews is left to it."""

from collections.abc import Mapping
from typing import Any

import pytest
from botocore.credentials import EnvProvider
from pointsman.adapters.providers.aws_credentials import read_environment

KEYS = {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret"}


@pytest.mark.parametrize(
    "environment",
    [
        KEYS,
        {**KEYS, "AWS_SESSION_TOKEN": "token"},
        {**KEYS, "AWS_SECURITY_TOKEN": "old token"},
        {**KEYS, "AWS_SESSION_TOKEN": "token", "AWS_SECURITY_TOKEN": "old token"},
        {**KEYS, "AWS_PROFILE": "another"},
    ],
)
def test_they_are_those_that_botocore_finds(environment: Mapping[str, str]) -> None:
    theirs: Any = EnvProvider(environment).load()
    ours = read_environment(environment)
    assert ours is not None
    assert ours.get_frozen_credentials() == (theirs.access_key, theirs.secret_key, theirs.token)


@pytest.mark.parametrize(
    "environment",
    [{}, {"AWS_ACCESS_KEY_ID": "id"}, {**KEYS, "AWS_CREDENTIAL_EXPIRATION": "2026-11-28T05:00:00Z"}],
)
def test_what_is_missing_or_ends_is_left_to_botocore(environment: Mapping[str, str]) -> None:
    assert read_environment(environment) is None
