"""The endpoint for Lambda: API Gateway's events answered whole through Mangum, or streamed by our own runtime."""

import importlib
import os
import random
from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import Any

from mangum import Mangum
from mangum.handlers import APIGateway
from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from pointsman.application.ports import MetaModel
from pointsman.bootstrap.router import Router, build_router
from pointsman.entrypoints.http.app import create_app
from pointsman.entrypoints.problems import Problem
from pointsman.entrypoints.wire.chat.problem import encode_problem
from pointsman.settings import Settings

# A restored function finds its credentials by the one and reads its secrets by the other.
PACKAGES_OF_A_FIRST_REQUEST = ("botocore.session", "aws_lambda_powertools.utilities.parameters")
Build = Callable[[MetaModel | None], Router]
TOO_LATE = Problem(504, "timeout", "The answer did not begin within the function's time.")


class RouterHandler:
    """What functions/router calls `handler`. `build` makes a router, on a meta-model that is loaded already if any."""

    def __init__(self, build: Build) -> None:
        self._build = build
        self.app = create_app(build(None))
        # Lifespan events would start and stop the app once per invocation.
        self._mangum = Mangum(self.app, lifespan="off")

    @property
    def router(self) -> Router:
        return self.app.state.router

    @cached_property
    def late_answer(self) -> Response:
        return JSONResponse(encode_problem(TOO_LATE), status_code=TOO_LATE.status)

    def __call__(self, event: Any, context: Any) -> Any:
        return self._mangum(event, context)

    def read_request(self, event: Mapping[str, Any], context: Any) -> tuple[Scope, bytes] | None:
        """Only a REST API passes a stream on; every other event is answered whole. RuntimeError where none is known."""
        read = self._mangum.infer(dict(event), context)
        return (read.scope, read.body) if isinstance(read, APIGateway) else None

    async def settle(self) -> None:
        await self.router.accountant.drain()

    def prime(self) -> None:
        """What a first request finds slow: the model's first run, and packages for credentials and secrets."""
        self.router.outside.meta_model.read("The first run is the slowest.")
        for package in PACKAGES_OF_A_FIRST_REQUEST:
            importlib.import_module(package)

    def renew(self) -> None:
        """Of all that a snapshot holds only code and the meta-model serve on."""
        random.seed()
        self.app.state.router = self._build(self.router.outside.meta_model)
        self.app.state.renewed = True


def create_handler() -> RouterHandler:
    handler = RouterHandler(partial(build_router, Settings.from_env(os.environ)))
    _renew_after_restore(handler)
    return handler


def handle_with(router: Router) -> RouterHandler:
    return RouterHandler(lambda _: router)


def _renew_after_restore(handler: RouterHandler) -> None:
    """For Lambda's own Python runtime, which brings this package along; our own runtime calls `renew` by itself."""
    try:
        hooks: Any = importlib.import_module("snapshot_restore_py")
    except ImportError:
        return
    hooks.register_before_snapshot(handler.prime)
    hooks.register_after_restore(handler.renew)
