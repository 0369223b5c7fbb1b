"""The Runtime API as far as whole messages go: the next invocation, whole replies, errors. Streams are not its matter.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html, version 2018-06-01.
"""

import http.client
import json
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

VERSION: Final = "/2018-06-01/runtime"
ERROR_TYPE: Final = "Lambda-Runtime-Function-Error-Type"


class RuntimeApiError(Exception):
    """Lambda did not take or give what its contract says; nothing can be served after it."""


@dataclass(frozen=True, slots=True)
class Invocation:
    """`deadline_s` is when Lambda ends the function, in seconds since 1970."""

    id: str
    event: Mapping[str, Any]
    deadline_s: float
    function_arn: str
    trace_id: str | None


@dataclass(frozen=True, slots=True)
class RuntimeApi:
    """`address` is host:port, as AWS_LAMBDA_RUNTIME_API gives it."""

    address: str

    def next(self) -> Invocation:
        """Waits for as long as it takes: Lambda freezes the process meanwhile."""
        headers, body = self._call("GET", "/invocation/next", expected=200)
        return Invocation(
            id=headers["lambda-runtime-aws-request-id"],
            event=json.loads(body),
            deadline_s=int(headers["lambda-runtime-deadline-ms"]) / 1000,
            function_arn=headers.get("lambda-runtime-invoked-function-arn", ""),
            trace_id=headers.get("lambda-runtime-trace-id"),
        )

    def respond(self, invocation_id: str, reply: Any) -> None:
        self._call("POST", f"/invocation/{invocation_id}/response", expected=202, body=json.dumps(reply).encode())

    def fail(self, invocation_id: str, error: BaseException) -> None:
        self._report(f"/invocation/{invocation_id}/error", error)

    def fail_init(self, error: BaseException) -> None:
        self._report("/init/error", error)

    def wait_for_restore(self) -> None:
        """Returns in a copy of this process, restored from the snapshot that is taken meanwhile.

        Not among the four documented calls: as AWS's open-source runtime client makes it.
        """
        self._call("GET", "/restore/next", expected=200)

    def fail_restore(self, error: BaseException) -> None:
        self._report("/restore/error", error)

    def _report(self, path: str, error: BaseException) -> None:
        described = describe(error)
        body = json.dumps(described).encode()
        self._call("POST", path, expected=202, body=body, headers={ERROR_TYPE: described["errorType"]})

    def _call(
        self, method: str, path: str, *, expected: int, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> tuple[Mapping[str, str], bytes]:
        connection = http.client.HTTPConnection(self.address)
        try:
            sent = {"Content-Type": "application/json", **(headers or {})} if method == "POST" else {}
            connection.request(method, VERSION + path, body=body if method == "POST" else None, headers=sent)
            answer = connection.getresponse()
            content = answer.read()
            if answer.status != expected:
                raise RuntimeApiError(f"{method} {path}: {answer.status}")
            return {name.lower(): value for name, value in answer.getheaders()}, content
        except (OSError, http.client.HTTPException) as error:
            raise RuntimeApiError(f"{method} {path}: {type(error).__name__}") from error
        finally:
            connection.close()


def describe(error: BaseException) -> dict[str, Any]:
    """An error in Lambda's form."""
    return {
        "errorMessage": str(error),
        "errorType": type(error).__name__,
        "stackTrace": traceback.format_tb(error.__traceback__),
    }
