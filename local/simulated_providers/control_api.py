"""The `/_simulator` routes by which tests and people steer a simulated provider and see what it was sent."""

from collections import deque
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.simulated_providers.exchange import Call
from local.simulated_providers.faults import FaultTable, read_fault

_KEY_HEADERS = {"authorization", "x-api-key", "x-goog-api-key", "api-key", "cookie"}


class RequestLog:
    """The last calls, without keys."""

    def __init__(self, capacity: int = 200) -> None:
        self._seen: deque[dict[str, Any]] = deque(maxlen=capacity)

    def add(self, call: Call, *, path: str) -> None:
        headers = {name: value for name, value in call.headers.items() if name not in _KEY_HEADERS}
        at = datetime.now(UTC).isoformat()
        self._seen.append({"at": at, "provider": call.provider, "path": path, "headers": headers, "body": call.body})

    def list(self) -> list[dict[str, Any]]:
        return list(self._seen)

    def clear(self) -> None:
        self._seen.clear()


def control_routes(*, faults: FaultTable, log: RequestLog) -> list[Route]:
    async def add_fault(request: Request) -> Response:
        try:
            faults.add(read_fault(await request.json()))
        except ValueError as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        return JSONResponse({"ok": True}, status_code=201)

    async def clear_faults(_request: Request) -> Response:
        faults.clear()
        return Response(status_code=204)

    async def list_requests(_request: Request) -> Response:
        return JSONResponse({"requests": log.list()})

    async def clear_requests(_request: Request) -> Response:
        log.clear()
        return Response(status_code=204)

    async def tell_health(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    return [
        Route("/_simulator/faults", add_fault, methods=["POST"]),
        Route("/_simulator/faults", clear_faults, methods=["DELETE"]),
        Route("/_simulator/requests", list_requests, methods=["GET"]),
        Route("/_simulator/requests", clear_requests, methods=["DELETE"]),
        Route("/_simulator/health", tell_health, methods=["GET"]),
    ]
