"""One call of a simulated media endpoint as it came in, JSON or form, and what may be answered to it."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import JSONResponse, Response

Answer = Callable[["MediaCall"], Response]


@dataclass(frozen=True, slots=True)
class MediaCall:
    """`form` says of each file its size in bytes; `target` is the model or the job that the path names."""

    provider: str
    target: str
    url: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]
    files: Mapping[str, int]
    key: str | None
    # Of a clock that runs as fast as the simulated models.
    now_s: float

    @property
    def model(self) -> str:
        return str(self.body.get("model") or self.target.partition(":")[0])

    def seed(self) -> str:
        told = self.body.get("prompt") or self.body.get("input") or self.body
        return hashlib.sha256(f"{self.provider} {self.model} {told}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class MediaRoute:
    """`path` is below the provider's own; `is_free` needs no key, as addresses of files do not."""

    method: str
    path: str
    answer: Answer
    is_free: bool = False


def refuse(status: int, message: str, *, param: str | None = None) -> Response:
    error = {"message": message, "type": "invalid_request_error", "param": param, "code": None}
    return JSONResponse({"error": error}, status_code=status)
