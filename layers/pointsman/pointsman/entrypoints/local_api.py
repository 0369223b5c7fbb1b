"""The endpoint for one's own machine: an app factory for uvicorn. Beside it, what functions do in AWS."""

import os
import threading

from fastapi import FastAPI

from pointsman.bootstrap.spend import follow_audit
from pointsman.entrypoints import served_api
from pointsman.settings import Settings


def create_app() -> FastAPI:
    app = served_api.create_app()
    threading.Thread(target=follow_audit, args=(Settings.from_env(os.environ),), daemon=True).start()
    return app
