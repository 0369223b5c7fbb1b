"""POST /responses, for OpenAI's newer clients."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from pointsman.entrypoints.http.answering import answer_request
from pointsman.entrypoints.wire.responses.family import RESPONSES

routes = APIRouter()


@routes.post("/responses")
async def create_response(request: Request) -> Response:
    return await answer_request(request, RESPONSES)
