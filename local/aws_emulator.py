"""A whole AWS account on loopback: ministack with its IAM policies enforced, empty at every start.

Its functions run under its own interpreter, so that has to be the Lambda runtime's.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import boto3
from botocore.config import Config

from local import ports
from local.service import Service

PYTHON = Path(__file__).parents[1] / ".venvs" / "emulator" / "bin" / "python"
REGION = "eu-west-1"


class AwsEmulatorMissingError(Exception):
    """The environment of the emulator was not set up."""


@dataclass(frozen=True, slots=True)
class AwsEmulator:
    port: int

    @property
    def url(self) -> str:
        return f"http://{ports.LOOPBACK}:{self.port}"

    @property
    def env(self) -> Mapping[str, str]:
        """What a client of AWS needs to reach it with every permission."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            # A proxy cannot reach what runs on this machine's loopback.
            "NO_PROXY": ports.LOOPBACK,
            "no_proxy": ports.LOOPBACK,
        }

    def client(self, service: str) -> Any:
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        past_any_proxy = Config(proxies={"http": ""})
        return cast(Any, boto3).client(
            service, endpoint_url=self.url, region_name=REGION, config=past_any_proxy, **keys
        )

    def service(self) -> Service:
        if not PYTHON.is_file():
            raise AwsEmulatorMissingError("the AWS emulator is not set up: run `make deploy-local`, which does it")
        settings = {"GATEWAY_PORT": str(self.port), "AUTH": "true", "LOG_LEVEL": "WARNING"}
        # Each of these would open a port or look for containers.
        silenced = {"IOT_MTLS_ENABLED": "0", "SFTP_ENABLED": "0", "DOCKER_HOST": "unix:///nonexistent"}
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        where = f"{ports.LOOPBACK}:{self.port}"
        return Service(
            name="aws",
            command=(str(PYTHON), "-m", "hypercorn", "ministack.app:app", "--bind", where),
            health_url=f"{self.url}/_ministack/health",
            env={**kept, **self.env, **settings, **silenced},
        )
