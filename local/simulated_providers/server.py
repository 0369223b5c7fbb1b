"""Serves dialects over HTTP: checks the key, reads the request, prepares the answer. Knows no wire format."""

import json
import secrets
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, cast

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.simulated_providers.answering import answer, count_completion
from local.simulated_providers.control_api import RequestLog, control_routes
from local.simulated_providers.delivery import Delivery, ResetConnection
from local.simulated_providers.exchange import Ask, Call, Dialect, Exchange, Refusal, TokenCounts
from local.simulated_providers.faults import FaultTable
from local.simulated_providers.media.serving import media_routes
from local.simulated_providers.pace import Clock, Pace, guess_pace
from local.simulated_providers.prompt_cache import PromptCache

SIMULATED_KEY = "simulated"
KnownModels = Mapping[str, Mapping[str, Pace]]
Serve = Callable[[Request], Awaitable[Response]]


def create_app(
    dialects: Iterable[Dialect],
    *,
    clock: Clock,
    reset_connection: ResetConnection,
    known_models: KnownModels | None = None,
    keyless: frozenset[str] = frozenset(),
) -> Starlette:
    """`known_models` gives models by provider; a provider missing there knows every model. `keyless` ask for no key."""
    faults, log, cache = FaultTable(), RequestLog(), PromptCache()

    def serving(dialect: Dialect) -> Serve:
        async def serve(request: Request) -> Response:
            try:
                call = await _read_call(request, dialect, keyless)
                log.add(call, path=request.url.path)
                exchange = _prepare(call, dialect, known_models or {}, cache)
                fault = faults.take(provider=call.provider, model=exchange.ask.model)
                return await Delivery(dialect, clock, fault, reset_connection).deliver(exchange, request)
            except Refusal as refusal:
                headers = {} if refusal.retry_after_s is None else {"retry-after": f"{refusal.retry_after_s:g}"}
                return JSONResponse(dialect.encode_refusal(refusal), status_code=refusal.status, headers=headers)

        return serve

    routes = [Route(dialect.path, serving(dialect), methods=["POST"]) for dialect in dialects]
    media = media_routes(faults=faults, log=log, clock=clock, known=known_models or {})
    return Starlette(routes=[*control_routes(faults=faults, log=log), *media, *routes])


async def _read_call(request: Request, dialect: Dialect, keyless: frozenset[str]) -> Call:
    key = dialect.read_key(request.headers)
    if key != SIMULATED_KEY and not (key is None and request.path_params["provider"] in keyless):
        raise dialect.bad_key
    try:
        body: Any = json.loads(await request.body())
    except ValueError as error:
        raise Refusal(400, f"We could not parse the JSON body of your request: {error}") from error
    if not isinstance(body, dict):
        raise Refusal(400, "The body of a request must be a JSON object.")
    provider, target = request.path_params["provider"], request.path_params.get("target", "")
    headers, query = dict(request.headers), dict(request.query_params)
    return Call(provider, target, headers, query, cast(dict[str, Any], body))


def _prepare(call: Call, dialect: Dialect, known_models: KnownModels, cache: PromptCache) -> Exchange:
    try:
        ask = dialect.read(call)
        pace = _find_pace(call, ask, dialect, known_models)
        return _make_exchange(call, ask, pace, cache)
    except (LookupError, TypeError, AttributeError) as error:
        raise Refusal(400, f"Malformed request: {error!r}") from error


def _find_pace(call: Call, ask: Ask, dialect: Dialect, known_models: KnownModels) -> Pace:
    if call.provider not in known_models:
        return guess_pace(ask.model)
    if ask.model not in known_models[call.provider]:
        raise dialect.unknown_model(ask.model)
    return known_models[call.provider][ask.model]


def _make_exchange(call: Call, ask: Ask, pace: Pace, cache: PromptCache) -> Exchange:
    reply = answer(ask, provider=call.provider)
    prompt, cached, newly_cached = cache.read(ask, provider=call.provider)
    counts = TokenCounts(prompt, cached, newly_cached, count_completion(reply), thought=len(reply.thought))
    return Exchange(secrets.token_hex(12), int(time.time()), call, ask, reply, counts, pace)
