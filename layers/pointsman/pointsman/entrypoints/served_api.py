"""The endpoint behind a web server, here or in the Lambda Web Adapter: an app factory for uvicorn."""

import os

from starlette.applications import Starlette

from pointsman.application.ports import MetaModel
from pointsman.bootstrap.router import build_router
from pointsman.entrypoints.http.app import create_app as create_http_app
from pointsman.entrypoints.starting import uncollected
from pointsman.settings import Settings


def create_app(meta_model: MetaModel | None = None) -> Starlette:
    """`meta_model` is one that is loaded already."""
    with uncollected():
        return create_http_app(build_router(Settings.from_env(os.environ), meta_model))
