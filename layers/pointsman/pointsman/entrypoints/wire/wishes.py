"""What any body may say of the choice of a model, whatever its family: our `routing` key and OpenRouter's words."""

from typing import Annotated, Any, Final, Literal, cast

from pydantic import ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from pointsman.entrypoints.wire.wire_model import Flag, Money, Positive, Probability, StrictModel, Whole, WireModel

NULL: Final = {"type": "null"}


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


def _describe_nulls(schema: JsonDict) -> None:
    """What `_leave_out_nulls` takes."""
    properties, demanded = cast(dict[str, Any], schema["properties"]), cast(list[str], schema["required"])
    for name, told in properties.items():
        if name not in demanded and NULL not in told.get("anyOf", ()):
            properties[name] = {"anyOf": [told, NULL]}


class WishesBody(WireModel):
    """The fields that the body of every family has beside its own."""

    model_config = ConfigDict(json_schema_extra=_describe_nulls)

    model: Annotated[str, Field(min_length=1)]
    models: tuple[str, ...] = ()
    stream: Flag = False
    routing: RoutingBody | None = None
    provider: ProviderBody | None = None
    plugins: tuple[PluginBody, ...] = ()
    session_id: Annotated[str, Field(max_length=256)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _leave_out_nulls(cls, document: Any) -> Any:
        """Clients write null for what they do not say."""
        if not isinstance(document, dict):
            return document
        told = cast(dict[str, Any], document)
        return {name: value for name, value in told.items() if value is not None or cls._demands(name)}

    @classmethod
    def _demands(cls, name: str) -> bool:
        return name in cls.model_fields and cls.model_fields[name].is_required()
