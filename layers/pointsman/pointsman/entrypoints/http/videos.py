"""Videos: ordered like any other answer, asked for later by the id alone, which holds all there is to know."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from pointsman.entrypoints.http.answering import answer_request
from pointsman.entrypoints.http.arrival import receive
from pointsman.entrypoints.wire.job_ticket import read_ticket
from pointsman.entrypoints.wire.videos.family import VIDEOS, encode_job


async def create_video(request: Request) -> Response:
    return await answer_request(request, VIDEOS)


async def get_video(request: Request) -> Response:
    """How far it is. NotFoundError for an id of somebody else as for one of nobody."""
    arrival, video_id = await receive(request), request.path_params["video_id"]
    job = read_ticket(video_id, arrival.router.digest, key_id=arrival.caller.key_id)
    state = await arrival.router.outside.jobs.state(job, left_s=arrival.left_s())
    return JSONResponse(encode_job(job, video_id, state), headers=dict(arrival.headers))


async def download_video(request: Request) -> Response:
    """The film itself. RequestError while there is none."""
    arrival, video_id = await receive(request), request.path_params["video_id"]
    job = read_ticket(video_id, arrival.router.digest, key_id=arrival.caller.key_id)
    content = arrival.router.outside.jobs.content(job, left_s=arrival.left_s())
    # The first piece is fetched before the status is given: until then an error can have its own.
    first = await anext(content)

    async def pieces() -> AsyncGenerator[bytes, None]:
        async with aclosing(content):
            yield first
            async for piece in content:
                yield piece

    return StreamingResponse(pieces(), media_type="video/mp4", headers=dict(arrival.headers))


ROUTES: Final = (
    Route("/videos", create_video, methods=["POST"]),
    Route("/videos/{video_id}", get_video, methods=["GET"]),
    Route("/videos/{video_id}/content", download_video, methods=["GET"]),
)
