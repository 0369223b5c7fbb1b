"""GET /generation: what became of one request, from the audit log, in OpenRouter's words."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pointsman.domain.errors import NotFoundError, RequestError
from pointsman.domain.reply import PROMPT_CLASSES
from pointsman.entrypoints.http.arrival import receive


async def get_generation(request: Request) -> Response:
    """The caller's own request of that id; somebody else's is as good as none."""
    arrival = await receive(request)
    wanted = request.query_params.get("id")
    if not wanted:
        raise RequestError("Give the id of a generation.", field="id")
    item = await arrival.router.outside.audit.find(wanted)
    if item["key_id"] != arrival.caller.key_id:
        raise NotFoundError(f"There is no generation '{wanted}'.")
    return JSONResponse({"data": encode_generation(item)}, headers=dict(arrival.headers))


def encode_generation(item: Mapping[str, Any]) -> dict[str, Any]:
    ledger: Mapping[str, Any] = item["ledger"]
    tokens: Mapping[str, int] = ledger.get("tokens", {})
    prompt = sum(tokens.get(kind, 0) for kind in PROMPT_CLASSES)
    return {
        "id": item["id"],
        "model": item.get("model"),
        "provider_name": item.get("provider"),
        "router": ledger["requested"],
        "created_at": item["created_at"],
        "streamed": item["streamed"],
        "cancelled": item["outcome"] == "cancelled",
        "finish_reason": ledger.get("finish_reason"),
        "native_finish_reason": item.get("native_finish_reason"),
        "latency": ledger["first_token_ms"],
        "generation_time": ledger["total_ms"],
        "tokens_prompt": prompt,
        "tokens_completion": sum(tokens.values()) - prompt,
        "native_tokens_reasoning": tokens.get("reasoning", 0),
        "native_tokens_cached": tokens.get("cache_read", 0),
        "total_cost": float(item["cost_usd"]),
        "is_byok": False,
        "session_id": item.get("session_id"),
        "upstream_id": item.get("upstream_id"),
        "provider_responses": ledger["attempts"],
        "routing": ledger,
    }


ROUTES: Final = (Route("/generation", get_generation, methods=["GET"]),)
