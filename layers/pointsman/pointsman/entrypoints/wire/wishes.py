"""What any body may say of the choice of a model, whatever its family: our `routing` key and OpenRouter's words."""

from typing import Annotated, Literal

from pydantic import Field

from pointsman.entrypoints.wire.wire_model import Flag, Money, Positive, Probability, StrictModel, Whole, WireModel


class RoutingBody(StrictModel):
    """Pointsman's own key: what the choice should aim at."""

    objective: Literal["cost", "quality", "latency", "balanced"] | None = None
    min_quality: Probability | None = None
    max_cost_usd: Money | None = None
    max_latency_ms: Positive | None = None
    willingness_to_pay_usd: Money | None = None


class MaxPrice(WireModel):
    prompt: Money | None = None
    completion: Money | None = None


class SortBody(WireModel):
    by: Literal["price", "throughput", "latency"]


class ProviderBody(WireModel):
    order: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    allow_fallbacks: Flag = True
    require_parameters: Flag = False
    data_collection: Literal["allow", "deny"] = "allow"
    zdr: Flag = False
    sort: Literal["price", "throughput", "latency"] | SortBody | None = None
    max_price: MaxPrice | None = None


class PluginBody(WireModel):
    id: str
    enabled: Flag = True
    allowed_models: list[str] | None = None
    excluded_models: tuple[str, ...] = ()
    cost_tier: Literal["low", "medium", "high"] | None = None
    cost_quality_tradeoff: Annotated[Whole, Field(ge=0, le=10)] | None = None


class WishesBody(WireModel):
    """The fields that the body of every family has beside its own."""

    model: Annotated[str, Field(min_length=1)]
    models: tuple[str, ...] = ()
    stream: Flag = False
    routing: RoutingBody | None = None
    provider: ProviderBody | None = None
    plugins: tuple[PluginBody, ...] = ()
    session_id: Annotated[str, Field(max_length=256)] | None = None
