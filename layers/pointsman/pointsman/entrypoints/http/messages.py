"""POST /messages and POST /messages/count_tokens, for Anthropic's clients."""

from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pointsman.application.route_request import full_id
from pointsman.domain.tokens import estimate_media_tokens, estimate_prompt_tokens
from pointsman.entrypoints.http.answering import answer_request
from pointsman.entrypoints.http.arrival import Arrival, read_body, receive
from pointsman.entrypoints.wire.messages.family import MESSAGES
from pointsman.entrypoints.wire.messages.request import decode_conversation
from pointsman.entrypoints.wire.messages.versions import parse_countable_body
from pointsman.entrypoints.wire.preferences import AUTO_NAMES, split_suffix


async def create_message(request: Request) -> Response:
    return await answer_request(request, MESSAGES)


async def count_tokens(request: Request) -> Response:
    """An estimate by the rules that routing goes by; a model's own count may differ. Nothing is called and nothing
    recorded."""
    arrival = await receive(request)
    body = parse_countable_body(await read_body(request), request.headers)
    await _check_model(arrival, body.model)
    conversation = decode_conversation(body)
    media_tokens = sum(estimate_media_tokens(part) for part in conversation.media)
    counted = {"input_tokens": estimate_prompt_tokens(conversation) + media_tokens}
    return JSONResponse(counted, headers=dict(arrival.headers))


async def _check_model(arrival: Arrival, model: str) -> None:
    """A wrong name is told here already, and not first when the conversation is sent."""
    name, _ = split_suffix(model)
    if name not in AUTO_NAMES:
        full_id(name, await arrival.router.outside.registry.current())


ROUTES: Final = (
    Route("/messages", create_message, methods=["POST"]),
    Route("/messages/count_tokens", count_tokens, methods=["POST"]),
)
