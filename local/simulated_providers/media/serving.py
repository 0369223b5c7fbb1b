"""Serves the media endpoints over HTTP: checks the key, reads JSON or form, shows faults. Knows no provider's form."""

import json
import time
from collections.abc import Mapping
from typing import Any, cast

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.simulated_providers.control_api import RequestLog
from local.simulated_providers.exchange import Call
from local.simulated_providers.faults import FaultTable
from local.simulated_providers.media import openai, others
from local.simulated_providers.media.call import MediaCall, MediaRoute, refuse
from local.simulated_providers.pace import Clock

KEY = "simulated"
KEY_HEADERS = ("authorization", "x-goog-api-key", "x-key", "x-api-key")


def media_routes(
    *, faults: FaultTable, log: RequestLog, clock: Clock, known: Mapping[str, Mapping[str, Any]]
) -> list[Route]:
    """`known` gives models by provider; a provider missing there knows every model."""

    def serving(route: MediaRoute) -> Route:
        async def serve(request: Request) -> Response:
            call = await _read(request, clock)
            if not route.is_free and call.key != KEY:
                return refuse(401, "Incorrect API key provided.")
            log.add(Call(call.provider, call.target, call.headers, {}, call.body), path=request.url.path)
            return _fail(faults, call) or _unknown(call, route, known) or route.answer(call)

        return Route(f"/{{provider}}/{{prefix:path}}{route.path}", serve, methods=[route.method])

    return [serving(route) for route in (*others.ROUTES, *openai.ROUTES)]


def _fail(faults: FaultTable, call: MediaCall) -> Response | None:
    fault = faults.take(provider=call.provider, model=call.model)
    if fault is None or fault.kind == "slow":
        return None
    return JSONResponse({"error": {"message": f"Simulated fault {fault.status}."}}, status_code=fault.status)


def _unknown(call: MediaCall, route: MediaRoute, known: Mapping[str, Mapping[str, Any]]) -> Response | None:
    models = known.get(call.provider)
    if route.method == "GET" or models is None or call.model in models or f"flux-{call.model}" in models:
        return None
    return refuse(404, f"The model `{call.model}` does not exist.", param="model")


async def _read(request: Request, clock: Clock) -> MediaCall:
    body, files = await _read_body(request)
    speed = clock.speed if clock.speed != float("inf") else 1e6
    return MediaCall(
        provider=request.path_params["provider"],
        target=request.path_params.get("target") or request.query_params.get("id", ""),
        url=str(request.url),
        headers=dict(request.headers),
        body=body,
        files=files,
        key=_key(request),
        now_s=time.time() * speed,
    )


async def _read_body(request: Request) -> tuple[dict[str, Any], dict[str, int]]:
    if request.headers.get("content-type", "").startswith("multipart/"):
        form = await request.form()
        files = {name: len(await v.read()) for name, v in form.multi_items() if isinstance(v, UploadFile)}
        return {name: v for name, v in form.multi_items() if isinstance(v, str)}, files
    content = await request.body()
    told: Any = json.loads(content) if content else {}
    return (cast(dict[str, Any], told) if isinstance(told, dict) else {}), {}


def _key(request: Request) -> str | None:
    found = [request.headers[name] for name in KEY_HEADERS if name in request.headers]
    return found[0].removeprefix("Bearer ") if found else None
