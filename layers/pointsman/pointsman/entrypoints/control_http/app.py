"""The control API as an ASGI app: what the command line does to the registry, for holders of an operator's key."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response

from pointsman.bootstrap.control import Control
from pointsman.domain.errors import RegistryConflictError, RegistryError, RequestError
from pointsman.entrypoints.control_http import decisions, registry
from pointsman.entrypoints.http.error_answers import ERROR_ANSWERS, answer_pointsman_error

PREFIX = "/control/v1"


def create_control_app(control: Control | None = None) -> FastAPI:
    """Without a control the app can only describe itself."""
    app = FastAPI(title="Pointsman control", version="1", redirect_slashes=False)
    app.state.control = control
    for module in (registry, decisions):
        app.include_router(module.routes, prefix=PREFIX)
    for kind, answer in ERROR_ANSWERS.items():
        app.add_exception_handler(kind, answer)
    app.add_exception_handler(RequestValidationError, _answer_invalid)
    app.add_exception_handler(RegistryError, _answer_registry_error)
    return app


async def _answer_registry_error(request: Request, error: Exception) -> Response:
    """What is wrong with a named item is what the operator sent; without one the registry itself is not there."""
    assert isinstance(error, RegistryError)
    is_sent = (error.item or error.path) and not isinstance(error, RegistryConflictError)
    return await answer_pointsman_error(request, RequestError(str(error)) if is_sent else error)


async def _answer_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    field = ".".join(str(step) for step in first["loc"] if step not in {"body", "query", "path"}) or "body"
    return await answer_pointsman_error(request, RequestError(str(first["msg"]), field=field))
