"""AWS's Signature Version 4 of a POST to a service's root, after its published description.

Ours, for each request pays for it: botocore's takes six times as long, most of it to be ready for any request. Tests
hold the two together.
"""

import hashlib
import hmac
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

ALGORITHM: Final = "AWS4-HMAC-SHA256"
LAST: Final = "aws4_request"


def sign_post(
    credentials: Any, headers: Mapping[str, str], content: bytes, *, host: str, service: str, region: str, at: float
) -> dict[str, str]:
    """All headers that are to be sent. `credentials` are frozen ones of botocore; `at` is in seconds since 1970.

    The names of `headers` are in lower case, their values without spaces that could be told in fewer.
    """
    moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(at))
    day = moment[:8]
    token = {"x-amz-security-token": credentials.token} if credentials.token else {}
    told = dict(sorted({**headers, **token, "host": host, "x-amz-date": moment}.items()))
    names, lines = ";".join(told), "".join(f"{name}:{value}\n" for name, value in told.items())
    canonical = f"POST\n/\n\n{lines}\n{names}\n{hashlib.sha256(content).hexdigest()}"
    scope = f"{day}/{region}/{service}/{LAST}"
    to_sign = f"{ALGORITHM}\n{moment}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = _mac(_day_s_key(credentials.secret_key, day, region, service), to_sign).hex()
    who = f"{ALGORITHM} Credential={credentials.access_key}/{scope}, SignedHeaders={names}, Signature={signature}"
    return {**told, "authorization": who}


@lru_cache(maxsize=4)
def _day_s_key(secret: str, day: str, region: str, service: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for text in (day, region, service, LAST):
        key = _mac(key, text)
    return key


def _mac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
