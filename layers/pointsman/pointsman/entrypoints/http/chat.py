"""POST /chat/completions and POST /route: the same body, answered or only decided."""

from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pointsman.domain.documents.ledger import ledger_document
from pointsman.entrypoints.http.answering import answer_request, read_incoming
from pointsman.entrypoints.http.arrival import receive
from pointsman.entrypoints.wire.chat.family import CHAT


async def create_chat_completion(request: Request) -> Response:
    return await answer_request(request, CHAT)


async def decide_route(request: Request) -> Response:
    """What /chat/completions would do with this body. Nothing is called and nothing spent."""
    arrival = await receive(request)
    _, incoming = await read_incoming(request, arrival, CHAT)
    record = await arrival.router.route_request.decide_only(incoming)
    body = {"object": "routing.decision", "routing": ledger_document(record)}
    return JSONResponse(body, headers=dict(arrival.headers))


ROUTES: Final = (
    Route("/chat/completions", create_chat_completion, methods=["POST"]),
    Route("/route", decide_route, methods=["POST"]),
)
