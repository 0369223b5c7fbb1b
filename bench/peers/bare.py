"""What Python itself costs: a pass-through of a few lines, with the servers and clients of ours and nothing else.

Run as a program with its port and the upstream's URL.
"""

import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import aiohttp
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

PATH = "/v1/chat/completions"


def create_app(upstream: str) -> Starlette:
    @asynccontextmanager
    async def open_session(app: Starlette) -> AsyncGenerator[None, None]:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=200)) as app.state.session:
            yield

    async def pass_on(request: Request) -> Response:
        headers = {"content-type": "application/json", "authorization": request.headers["authorization"]}
        session: aiohttp.ClientSession = request.app.state.session
        answer = await session.post(upstream, data=await request.body(), headers=headers)
        if answer.content_type == "application/json":
            return Response(await answer.read(), media_type=answer.content_type)
        return StreamingResponse(answer.content.iter_any(), media_type=answer.content_type)

    async def healthz(_: Request) -> Response:
        return Response()

    routes = [Route(PATH, pass_on, methods=["POST"]), Route("/healthz", healthz)]
    return Starlette(routes=routes, lifespan=open_session)


if __name__ == "__main__":
    uvicorn.run(create_app(sys.argv[2]), host="127.0.0.1", port=int(sys.argv[1]), access_log=False)
