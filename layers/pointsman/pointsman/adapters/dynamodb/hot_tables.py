"""What requests wait for of DynamoDB, over one light exchange each: boto3 takes ten times the CPU for the same.

Operations, parameters and errors are boto3's, so that tables mean the same to both. Knows no table.
"""

import asyncio
import base64
import json
import os
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import aiohttp
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    HTTPClientError,
    NoCredentialsError,
    NoRegionError,
    ReadTimeoutError,
)
from yarl import URL

from pointsman.adapters.dynamodb.signature import sign_post
from pointsman.adapters.dynamodb.tables import Operation

# A caller waits: better an early error, which has its fallback, than a late answer.
PATIENCE: Final = aiohttp.ClientTimeout(sock_connect=0.5, sock_read=1)
LONGEST_PAUSE_S: Final = 0.1
SERVICE: Final = "dynamodb"
CONTENT_TYPE: Final = "application/x-amz-json-1.0"
TARGET: Final = "DynamoDB_20120810."
THROTTLED: Final = frozenset(("ProvisionedThroughputExceededException", "RequestLimitExceeded", "ThrottlingException"))


class AwsCredentials(Protocol):
    """As botocore finds them: keys that renew themselves where they are temporary."""

    def get_frozen_credentials(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class HotTables:
    """Implements Tables for one endpoint; takes no bytes. What may pass by itself is tried so many times in all.

    More than one try is not for what must not be done twice.
    """

    session: Callable[[], aiohttp.ClientSession]
    credentials: Callable[[], AwsCredentials | None]
    region: str
    url: str
    tries: int = 2

    async def call(self, operation: Operation, **parameters: Any) -> Mapping[str, Any]:
        content = json.dumps(parameters, separators=(",", ":")).encode()
        for _ in range(self.tries - 1):
            try:
                return await self._send(operation, content)
            except (BotoCoreError, ClientError) as error:
                if not _may_pass(error):
                    raise
            await asyncio.sleep(random.uniform(0, LONGEST_PAUSE_S))
        return await self._send(operation, content)

    async def _send(self, operation: Operation, content: bytes) -> Mapping[str, Any]:
        headers = await self._sign(operation, content)
        try:
            async with self.session().post(
                URL(self.url), data=content, headers=headers, timeout=PATIENCE, allow_redirects=False
            ) as answer:
                return _read(operation, answer.status, await answer.read())
        except TimeoutError as error:
            raise ReadTimeoutError(endpoint_url=self.url) from error
        except aiohttp.ClientError as error:
            raise EndpointConnectionError(endpoint_url=self.url, error=error) from error

    async def _sign(self, operation: Operation, content: bytes) -> Mapping[str, str]:
        headers = {"content-type": CONTENT_TYPE, "x-amz-target": TARGET + operation}
        credentials, host = await _freeze(self.credentials()), urlsplit(self.url).netloc
        signed = sign_post(
            credentials, headers, content, host=host, service=SERVICE, region=self.region, at=time.time()
        )
        return {**signed, "accept-encoding": "identity"}


def find_endpoint(environment: Mapping[str, str] = os.environ) -> tuple[str, str]:
    """Region and URL, as the environment names them. NoRegionError where it names no region."""
    region = environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION")
    if not region:
        raise NoRegionError()
    domain = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    own = environment.get("AWS_ENDPOINT_URL_DYNAMODB") or environment.get("AWS_ENDPOINT_URL")
    return region, (own or f"https://{SERVICE}.{region}.{domain}").rstrip("/") + "/"


async def _freeze(credentials: Any) -> Any:
    if credentials is None:
        raise NoCredentialsError()
    is_due = getattr(credentials, "refresh_needed", None)
    # Renewing them asks another server.
    if is_due is not None and is_due():
        return await asyncio.to_thread(credentials.get_frozen_credentials)
    return credentials.get_frozen_credentials()


def _read(operation: Operation, status: int, content: bytes) -> Mapping[str, Any]:
    try:
        answer: Any = json.loads(content, object_hook=_read_value)
    except ValueError as error:
        if status < 300:
            raise HTTPClientError(error=error) from error
        answer = {}
    if status < 300:
        return answer
    kind = str(answer.get("__type", status)).rpartition("#")[2]
    told: Any = {"Code": kind, "Message": answer.get("message") or answer.get("Message") or ""}
    raise ClientError({"Error": told, "ResponseMetadata": {"HTTPStatusCode": status}}, operation)  # pyright: ignore


def _read_value(value: dict[str, Any]) -> dict[str, Any]:
    """Bytes travel as text; as boto3 does, they are told as bytes."""
    content = value.get("B")
    return {"B": base64.b64decode(content)} if isinstance(content, str) else value


def _may_pass(error: Any) -> bool:
    """As botocore tries again: nobody there, too much at once, the service's own fault."""
    if isinstance(error, BotoCoreError):
        return not isinstance(error, NoCredentialsError)
    status, code = error.response["ResponseMetadata"]["HTTPStatusCode"], error.response["Error"]["Code"]
    return status >= 500 or code in THROTTLED
