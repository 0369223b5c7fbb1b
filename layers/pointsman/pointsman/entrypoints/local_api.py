"""The endpoint for one's own machine: an app factory for uvicorn. Beside it, what functions do in AWS."""

import os
import threading

from fastapi import FastAPI

from pointsman.bootstrap.router import build_router
from pointsman.bootstrap.spend import follow_audit
from pointsman.entrypoints.http.app import create_app as create_http_app
from pointsman.settings import Settings


def create_app() -> FastAPI:
    settings = Settings.from_env(os.environ)
    app = create_http_app(build_router(settings))
    threading.Thread(target=follow_audit, args=(settings,), daemon=True).start()
    return app
