"""The runtime's life: load the handler, take a snapshot where wished, then serve one invocation after another."""

import asyncio
import importlib
import logging
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, cast

from starlette.responses import Response
from starlette.types import ASGIApp, Scope

from pointsman.entrypoints.streaming_runtime.exchange import Exchange
from pointsman.entrypoints.streaming_runtime.response_stream import ResponseStream
from pointsman.entrypoints.streaming_runtime.runtime_api import Invocation, RuntimeApi

logger = logging.getLogger("pointsman")
SNAP_START = "snap-start"


class StreamingHandler(Protocol):
    """What a function's `handler` is, to be streamed. Called by Lambda's own runtime it answers whole."""

    @property
    def app(self) -> ASGIApp: ...

    @property
    def late_answer(self) -> Response: ...

    def __call__(self, event: Any, context: Any) -> Any: ...

    def read_request(self, event: Mapping[str, Any], context: Any) -> tuple[Scope, bytes] | None:
        """The request that an event brings; None where the event is to be answered whole."""
        ...

    async def settle(self) -> None:
        """Ends what answers have left to do: after it the process may be frozen for ever."""
        ...

    def prime(self) -> None:
        """Warms up what a snapshot may keep."""
        ...

    def renew(self) -> None:
        """Makes anew what a snapshot must not keep: connections, secrets, randomness."""
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """What a handler is told beside the event, under the names that Lambda's own runtime gives it."""

    aws_request_id: str
    invoked_function_arn: str
    deadline_s: float

    def get_remaining_time_in_millis(self) -> int:
        return max(0, round((self.deadline_s - time.time()) * 1000))


def load_handler(name: str, task_root: str) -> StreamingHandler:
    """`name` is module.attribute, as the function's Handler says it."""
    sys.path.insert(0, task_root)
    module, _, attribute = name.rpartition(".")
    return cast(StreamingHandler, getattr(importlib.import_module(module.replace("/", ".")), attribute))


def start(api: RuntimeApi, environment: Mapping[str, str]) -> StreamingHandler:
    """The handler, loaded and restored where SnapStart is on. What goes wrong is reported and raised."""
    try:
        handler = load_handler(environment["_HANDLER"], environment["LAMBDA_TASK_ROOT"])
        snapshot = environment.get("AWS_LAMBDA_INITIALIZATION_TYPE") == SNAP_START
        if snapshot:
            handler.prime()
    except BaseException as error:
        api.fail_init(error)
        raise
    if snapshot:
        _restore(api, handler)
    return handler


def _restore(api: RuntimeApi, handler: StreamingHandler) -> None:
    api.wait_for_restore()
    try:
        handler.renew()
    except BaseException as error:
        api.fail_restore(error)
        raise


def serve(api: RuntimeApi, handler: StreamingHandler) -> None:
    """Until the Runtime API ends, which raises RuntimeApiError."""
    loop = asyncio.new_event_loop()
    # Whole answers go through an adapter that asks for the current loop.
    asyncio.set_event_loop(loop)
    try:
        while True:
            serve_one(api, handler, api.next(), loop)
    finally:
        loop.close()


def serve_one(
    api: RuntimeApi, handler: StreamingHandler, invocation: Invocation, loop: asyncio.AbstractEventLoop
) -> None:
    if invocation.trace_id is not None:
        os.environ["_X_AMZN_TRACE_ID"] = invocation.trace_id
    context = Context(invocation.id, invocation.function_arn, invocation.deadline_s)
    try:
        request = handler.read_request(invocation.event, context)
        if request is None:
            api.respond(invocation.id, handler(invocation.event, context))
        else:
            loop.run_until_complete(_stream(api, handler, invocation, request))
    except Exception as error:
        logger.exception("invocation failed")
        api.fail(invocation.id, error)


async def _stream(
    api: RuntimeApi, handler: StreamingHandler, invocation: Invocation, request: tuple[Scope, bytes]
) -> None:
    scope, body = request
    exchange = Exchange(scope, body, ResponseStream(api.address, invocation.id), handler.late_answer)
    try:
        await exchange.run(handler.app, deadline_s=invocation.deadline_s)
    finally:
        await handler.settle()
