"""The least that a gateway can do: forward the body to one provider and the answer back."""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import aiohttp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route


@asynccontextmanager
async def _with_client(app: Starlette) -> AsyncGenerator[None]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False) as client:
        app.state.client = client
        yield


async def forward(request: Request) -> Response:
    client: aiohttp.ClientSession = request.app.state.client
    headers = {"authorization": "Bearer simulated", "content-type": "application/json"}
    url = os.environ["BENCH_UPSTREAM"] + "/chat/completions"
    answer = await client.post(url, data=await request.body(), headers=headers, allow_redirects=False)
    kind = answer.headers.get("content-type", "application/json")
    return StreamingResponse(answer.content.iter_any(), status_code=answer.status, media_type=kind)


async def is_up(_request: Request) -> Response:
    return Response("ok")


def create_app() -> Starlette:
    routes = [Route("/v1/chat/completions", forward, methods=["POST"]), Route("/healthz", is_up)]
    return Starlette(routes=routes, lifespan=_with_client)
