"""POST /responses, for OpenAI's newer clients."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pointsman.entrypoints.http.answering import answer_request
from pointsman.entrypoints.wire.responses.family import RESPONSES


async def create_response(request: Request) -> Response:
    return await answer_request(request, RESPONSES)


ROUTES: Final = (Route("/responses", create_response, methods=["POST"]),)
