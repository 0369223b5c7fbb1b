"""What every route does first: who asks, how much may be sent, and the subject under which it is recorded."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

from starlette.requests import Request

from pointsman.application.stopwatch import Stopwatch, lap, start_stopwatch
from pointsman.bootstrap.router import Router, new_generation_id
from pointsman.domain.errors import AuthenticationError, PayloadTooLargeError, RateLimitedError, RequestError
from pointsman.domain.ledger import AuditRecord, Rejection, Subject
from pointsman.domain.preferences import Caller

# Lambda takes 6 MB for an event, base64 and JSON escapes included.
LARGEST_BODY = 5 * 1024 * 1024
# Of the function's time, what is kept to tell the caller and to keep the account. Our own runtime cuts off at two.
MARGIN_S = 3.0


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request whose caller is known and of whose body nothing is. Moments are in the seconds of the router's clock.

    `deadline` is when its answer must have ended; None where no function's time limits it.
    """

    router: Router
    caller: Caller
    subject: Subject
    arrived_at: float
    watch: Stopwatch
    deadline: float | None

    @property
    def headers(self) -> Mapping[str, str]:
        return identify(self.subject.id)

    def left_s(self) -> float:
        """Until the deadline, without end where there is none."""
        return inf if self.deadline is None else self.deadline - self.router.clock()


async def receive(request: Request) -> Arrival:
    """Raises AuthenticationError, and RateLimitedError where the key has used up its requests."""
    router: Router = request.app.state.router
    arrived_at, watch = router.clock(), start_stopwatch(router.clock)
    # The error map answers with the same id.
    request.state.id = new_generation_id()
    with lap("auth"):
        caller = await router.outside.keys.caller(read_key(request.headers))
    subject = Subject(
        id=request.state.id,
        created_at=router.now(),
        route=request.url.path,
        key_id=caller.key_id,
        requested_model="",
        streamed=False,
        session_id=request.headers.get("x-session-id"),
    )
    with lap("auth"):
        await _admit(router, caller, subject)
    return Arrival(router, caller, subject, arrived_at, watch, _deadline(request, arrived_at))


def _deadline(request: Request, arrived_at: float) -> float | None:
    remaining_s = _remaining_s(request)
    return None if remaining_s is None else arrived_at + remaining_s - MARGIN_S


def _remaining_s(request: Request) -> float | None:
    """Of the function's time. Both ways of Python's come with Lambda's context, the Web Adapter with a header of it."""
    context = request.scope.get("aws.context")
    if context is not None:
        return context.get_remaining_time_in_millis() / 1000
    told = request.headers.get("x-amzn-lambda-context")
    return None if told is None else _read_deadline_s(told) - time.time()


def _read_deadline_s(context: str) -> float:
    """In seconds since 1970. RequestError: outside the adapter the header is the caller's own."""
    try:
        return int(json.loads(context)["deadline"]) / 1000
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        raise RequestError("This is no context of Lambda's.", field="x-amzn-lambda-context") from error


def identify(generation_id: str) -> Mapping[str, str]:
    """The headers in which each client looks for the id: OpenRouter's, OpenAI's and Anthropic's."""
    return {"x-generation-id": generation_id, "x-request-id": generation_id, "request-id": generation_id}


async def _admit(router: Router, caller: Caller, subject: Subject) -> None:
    try:
        await router.outside.limiter.admit(caller)
    except RateLimitedError as error:
        # Counted, not audited: what a flood writes must not grow with the flood.
        router.outside.meter.record(
            AuditRecord(subject, "rejected", rejection=Rejection("RateLimitedError", str(error)))
        )
        raise


def read_key(headers: Mapping[str, str]) -> str:
    """From `Authorization: Bearer` or `x-api-key`."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    key = token.strip() if scheme.lower() == "bearer" else headers.get("x-api-key", "")
    if not key:
        raise AuthenticationError("No API key: send it as 'Authorization: Bearer <key>'.")
    return key


async def read_body(request: Request) -> bytes:
    """Raises PayloadTooLargeError before more than the limit has been kept."""
    if request.headers.get("content-encoding", "identity") != "identity":
        raise RequestError("Content-Encoding is not taken: send the body as it is.", field="content-encoding")
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > LARGEST_BODY:
            raise PayloadTooLargeError(f"The body is larger than {LARGEST_BODY} bytes.", field="body")
    return bytes(content)
