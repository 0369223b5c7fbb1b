"""The endpoint for Lambda: API Gateway's events through Mangum, buffered."""

import os

from mangum import Mangum

from pointsman.bootstrap.router import Router, build_router
from pointsman.entrypoints.http.app import create_app
from pointsman.settings import Settings


def create_handler() -> Mangum:
    return handle_with(build_router(Settings.from_env(os.environ)))


def handle_with(router: Router) -> Mangum:
    # Lifespan events would start and stop the app once per invocation.
    return Mangum(create_app(router), lifespan="off")
