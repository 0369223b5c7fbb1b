"""The least that a gateway can do: forward the body to one provider and the answer back."""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route


@asynccontextmanager
async def _with_client(app: Starlette) -> AsyncGenerator[None]:
    async with httpx.AsyncClient(base_url=os.environ["BENCH_UPSTREAM"], timeout=60) as client:
        app.state.client = client
        yield


async def forward(request: Request) -> Response:
    client: httpx.AsyncClient = request.app.state.client
    headers = {"authorization": "Bearer simulated", "content-type": "application/json"}
    upstream = client.build_request("POST", "/chat/completions", content=await request.body(), headers=headers)
    answer = await client.send(upstream, stream=True)
    kind = answer.headers.get("content-type", "application/json")
    return StreamingResponse(answer.aiter_raw(), status_code=answer.status_code, media_type=kind)


async def is_up(_request: Request) -> Response:
    return Response("ok")


def create_app() -> Starlette:
    routes = [Route("/v1/chat/completions", forward, methods=["POST"]), Route("/healthz", is_up)]
    return Starlette(routes=routes, lifespan=_with_client)
