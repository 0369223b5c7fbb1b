"""The endpoint for Lambda: API Gateway's events through Mangum, buffered."""

import os

from mangum import Mangum

from pointsman.bootstrap.router import build_router
from pointsman.entrypoints.http.app import create_app
from pointsman.settings import Settings


def create_handler() -> Mangum:
    # Lifespan events would start and stop the app once per invocation.
    return Mangum(create_app(build_router(Settings.from_env(os.environ))), lifespan="off")
