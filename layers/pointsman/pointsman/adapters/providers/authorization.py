"""Puts an account's key on a request, or signs the request with it. Knows no dialect."""

from collections.abc import Callable, Mapping
from typing import Any

from pointsman.adapters.providers.aws_credentials import AwsCredentials
from pointsman.adapters.providers.exchange import HttpMessage
from pointsman.adapters.providers.spec import AuthKind, ProviderSpec
from pointsman.domain.errors import ProviderError, ProviderFailure

# botocore signs with every header that it is given; only these do not change on the way.
SIGNED_HEADERS = ("content-type",)
KEY_HEADERS: Mapping[AuthKind, tuple[str, str]] = {
    "bearer": ("authorization", "Bearer "),
    "aws": ("authorization", "Bearer "),
    "x-api-key": ("x-api-key", ""),
    "x-goog-api-key": ("x-goog-api-key", ""),
    "api-key": ("api-key", ""),
    "x-key": ("x-key", ""),
}


class Authorization:
    """`secret` gives a key by its name, or None; `aws_credentials` those that sign where a row allows it."""

    def __init__(
        self, secret: Callable[[str], str | None], aws_credentials: Callable[[], AwsCredentials | None]
    ) -> None:
        self._secret = secret
        self._aws_credentials = aws_credentials

    def can_authorize(self, spec: ProviderSpec) -> bool:
        if spec.needs_no_key or spec.secret is None or self._secret(spec.secret):
            return True
        return spec.auth == "aws" and self._aws_credentials() is not None

    def has_newer_key(self, spec: ProviderSpec, message: HttpMessage) -> bool:
        """Whether the key is another one than `message` bears. One that bears none was not to be shown any."""
        key = self._secret(spec.secret) if spec.secret else None
        if not key or spec.auth == "none":
            return False
        name, prefix = KEY_HEADERS[spec.auth]
        return message.headers.get(name) not in (None, prefix + key)

    def headers(self, spec: ProviderSpec, message: HttpMessage) -> Mapping[str, str]:
        """Those that authorize `message`. Raises ProviderError where there is no key."""
        if spec.auth == "none" or spec.secret is None:
            return {}
        key = self._secret(spec.secret)
        if key:
            name, prefix = KEY_HEADERS[spec.auth]
            return {name: prefix + key}
        credentials = self._aws_credentials() if spec.auth == "aws" else None
        if credentials is not None:
            return _sign(credentials, spec, message)
        if spec.needs_no_key:
            return {}
        error = f"{spec.display_name}: no key is set ({spec.secret})"
        raise ProviderError(ProviderFailure(spec.name, "authentication", error))


def _sign(credentials: AwsCredentials, spec: ProviderSpec, message: HttpMessage) -> Mapping[str, str]:
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest

    signed = {name: message.headers[name] for name in SIGNED_HEADERS if name in message.headers}
    request: Any = AWSRequest(method=message.method, url=message.url, data=message.content, headers=signed)
    signer: Any = SigV4Auth(credentials.get_frozen_credentials(), spec.aws_service, spec.region)
    signer.add_auth(request)
    return {str(name).lower(): str(value) for name, value in request.headers.items()}
