"""How an account's key gets onto a request, and AWS's signature where there is no key."""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from functools import reduce
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest
from botocore.credentials import Credentials
from pointsman.adapters.providers.client import HttpProviders
from pointsman.adapters.providers.spec import load_catalog, with_base_urls
from pointsman.domain.errors import ProviderError
from pointsman.domain.model_card import Endpoint
from pointsman.domain.request import ChatRequest

from tests.conformance.cards import card_with
from tests.conformance.replaying import Wire
from tests.fake_http import FakeHttp
from tests.unit.providers.dialect_calls import drain, say

CATALOG = load_catalog()
REPLY = json.dumps(
    {"output": {"message": {"content": [{"text": "Hi"}]}}, "stopReason": "end_turn", "usage": {}}
).encode()
NOVA = "us.amazon.nova-2-lite-v1:0"


def send(endpoint: Endpoint, *, secrets: Mapping[str, str], credentials: Any = None) -> httpx.Request:
    wire = Wire(REPLY, headers={"content-type": "application/json"})
    providers = HttpProviders(CATALOG, secrets.get, FakeHttp(wire), aws_credentials=lambda: credentials)
    drain(providers.reply(ChatRequest((say(),)), card_with(), endpoint, timeout_s=5))
    return wire.requests[0]


def signature_by_hand(request: httpx.Request, secret: str) -> str:
    """After AWS's published description of Signature Version 4."""
    signed = re.search(r"SignedHeaders=([^,]+)", request.headers["authorization"])
    scope = re.search(r"Credential=[^/]+/([^,]+)", request.headers["authorization"])
    assert signed and scope
    names = signed[1].split(";")
    headers = "".join(f"{name}:{request.headers[name].strip()}\n" for name in names)
    path = quote(urlsplit(str(request.url)).path, safe="/-_.~")
    canonical = "\n".join(["POST", path, "", headers, signed[1], hashlib.sha256(request.content).hexdigest()])
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    to_sign = "\n".join(["AWS4-HMAC-SHA256", request.headers["x-amz-date"], scope[1], digest])

    def mac(key: bytes, text: str) -> bytes:
        return hmac.new(key, text.encode(), hashlib.sha256).digest()

    return mac(reduce(mac, scope[1].split("/"), b"AWS4" + secret.encode()), to_sign).hex()


def test_bedrock_is_signed_for_the_endpoint_s_region_where_there_is_no_token() -> None:
    keys = Credentials("AKIDEXAMPLE", "a-secret", "a-session")
    request = send(Endpoint("bedrock", NOVA, region="eu-west-1"), secrets={}, credentials=keys)
    assert request.url.host == "bedrock-runtime.eu-west-1.amazonaws.com"
    told = request.headers["authorization"]
    assert re.match(r"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/\d{8}/eu-west-1/bedrock/aws4_request, ", told)
    assert request.headers["x-amz-security-token"] == "a-session"
    assert told.endswith(f"Signature={signature_by_hand(request, 'a-secret')}")


def test_a_bearer_token_goes_before_a_signature() -> None:
    request = send(
        Endpoint("bedrock", NOVA), secrets={"AWS_BEARER_TOKEN_BEDROCK": "t"}, credentials=Credentials("a", "b")
    )
    assert request.headers["authorization"] == "Bearer t"
    assert request.url.host == "bedrock-runtime.us-east-1.amazonaws.com"


def test_without_token_and_credentials_bedrock_is_not_called() -> None:
    with pytest.raises(ProviderError) as caught:
        send(Endpoint("bedrock", NOVA), secrets={})
    assert caught.value.failure.kind == "authentication"


@pytest.mark.parametrize(
    ("secrets", "credentials", "callable_"),
    [({}, None, False), ({"AWS_BEARER_TOKEN_BEDROCK": "t"}, None, True), ({}, Credentials("a", "b"), True)],
)
def test_bedrock_is_an_account_where_either_is_at_hand(
    secrets: dict[str, str], credentials: Any, callable_: bool
) -> None:
    providers = HttpProviders(CATALOG, secrets.get, FakeHttp(Wire(REPLY)), aws_credentials=lambda: credentials)
    assert ("bedrock" in providers.accounts()) is callable_


def test_a_base_url_of_one_s_own_has_no_gaps_to_fill() -> None:
    catalog = with_base_urls(CATALOG, {"bedrock": "http://127.0.0.1:9/bedrock"})
    assert catalog["bedrock"].base_url == "http://127.0.0.1:9/bedrock"
