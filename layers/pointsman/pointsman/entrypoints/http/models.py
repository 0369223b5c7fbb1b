"""GET /models and GET /models/{id}: what can be asked for."""

from collections.abc import Sequence
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pointsman.domain.errors import NotFoundError, RequestError
from pointsman.entrypoints.http.arrival import Arrival, receive
from pointsman.entrypoints.wire.model_listing import encode_auto, encode_model
from pointsman.entrypoints.wire.preferences import AUTO_NAMES

Models = Sequence[dict[str, Any]]


async def list_models(request: Request) -> Response:
    """All of them, or the page that Anthropic's clients ask for by `limit`, `after_id` and `before_id`."""
    arrival = await receive(request)
    models = await _all_models(arrival)
    page = _turn_to(models, request)
    listing: dict[str, Any] = {
        "object": "list",
        "data": page,
        "has_more": _has_more(models, page, "before_id" in request.query_params),
        "first_id": page[0]["id"] if page else None,
        "last_id": page[-1]["id"] if page else None,
    }
    return JSONResponse(listing, headers=dict(arrival.headers))


async def get_model(request: Request) -> Response:
    arrival = await receive(request)
    return JSONResponse(await _one_model(arrival, request.path_params["model_id"]), headers=dict(arrival.headers))


async def _one_model(arrival: Arrival, model_id: str) -> dict[str, Any]:
    if model_id in AUTO_NAMES:
        return encode_auto()
    registry = await arrival.router.outside.registry.current()
    cards = [card for card in registry.cards_named(model_id) if card.enabled]
    if len(cards) != 1:
        raise NotFoundError(f"There is no model '{model_id}'.")
    return encode_model(cards[0], arrival.router.now().date())


async def _all_models(arrival: Arrival) -> Models:
    registry = await arrival.router.outside.registry.current()
    today = arrival.router.now().date()
    return [encode_auto(), *(encode_model(card, today) for card in registry.cards if card.enabled)]


def _turn_to(models: Models, request: Request) -> Models:
    query = request.query_params
    start = _place(models, query["after_id"], "after_id") + 1 if "after_id" in query else 0
    end = _place(models, query["before_id"], "before_id") if "before_id" in query else len(models)
    limit = _read_limit(query.get("limit"), len(models))
    return models[start:end][-limit:] if "before_id" in query else models[start:end][:limit]


def _has_more(models: Models, page: Models, is_backwards: bool) -> bool:
    edge = 0 if is_backwards else -1
    return bool(page) and page[edge] is not models[edge]


def _place(models: Models, model_id: str, field: str) -> int:
    for place, model in enumerate(models):
        if model["id"] == model_id:
            return place
    raise RequestError(f"There is no model '{model_id}'.", field=field)


def _read_limit(text: str | None, default: int) -> int:
    if text is None:
        return default
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= 1000:
        raise RequestError("Expected a number from 1 to 1000.", field="limit")
    return int(text)


ROUTES: Final = (
    Route("/models", list_models, methods=["GET"]),
    Route("/models/{model_id:path}", get_model, methods=["GET"]),
)
