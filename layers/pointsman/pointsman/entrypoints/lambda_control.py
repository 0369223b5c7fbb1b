"""The control API for Lambda: API Gateway's events through Mangum, buffered."""

import os

from mangum import Mangum

from pointsman.bootstrap.control import Control, build_control
from pointsman.entrypoints.control_http.app import create_control_app
from pointsman.settings import Settings


def create_handler() -> Mangum:
    return handle_with(build_control(Settings.from_env(os.environ)))


def handle_with(control: Control) -> Mangum:
    # Lifespan events would start and stop the app once per invocation.
    return Mangum(create_control_app(control), lifespan="off")
