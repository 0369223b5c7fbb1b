"""The endpoint behind a web server, here or in the Lambda Web Adapter: an app factory for uvicorn."""

import os

from starlette.applications import Starlette

from pointsman.bootstrap.router import build_router
from pointsman.entrypoints.http.app import create_app as create_http_app
from pointsman.entrypoints.starting import uncollected
from pointsman.settings import Settings


def create_app() -> Starlette:
    with uncollected():
        return create_http_app(build_router(Settings.from_env(os.environ)))
