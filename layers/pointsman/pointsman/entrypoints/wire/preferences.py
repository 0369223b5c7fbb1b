"""What a body says of the choice: our `routing` key, model suffixes, and OpenRouter's words, each a row of a table."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from pointsman.domain.preferences import AUTO, Preferences
from pointsman.domain.registry import Objective
from pointsman.entrypoints.wire.wishes import PluginBody, ProviderBody, RoutingBody, SortBody, WishesBody

AUTO_NAMES: Final = frozenset({"auto", AUTO, "openrouter/auto"})
AUTO_PLUGINS: Final = frozenset({"auto-router", "auto-beta-router"})
OBJECTIVE_BY_SUFFIX: Final[Mapping[str, Objective]] = {"floor": "cost", "nitro": "latency"}
OBJECTIVE_BY_SORT: Final[Mapping[str, Objective]] = {"price": "cost", "throughput": "latency", "latency": "latency"}
# US dollars that a certainly right answer is worth.
WILLINGNESS_BY_COST_TIER: Final = {"low": Decimal("0.005"), "medium": Decimal("0.05"), "high": Decimal("0.5")}
# 0 is all for quality and 10 all for cost: a dollar at one end, a hundredth of a cent at the other.
WILLINGNESS_BY_TRADEOFF: Final = tuple(Decimal(10) ** (Decimal(-4 * step) / 10) for step in range(11))


def decode_preferences(
    body: WishesBody,
    *,
    service_tier: str | None,
    reasoning_effort: str | None,
    warnings: Iterable[str] = (),
) -> Preferences:
    """`service_tier` and `reasoning_effort` stand at different places in each family's body.

    `warnings` of the family are recorded beside those of what is wished for here.
    """
    name, suffix = split_suffix(body.model)
    routing, provider = body.routing or RoutingBody(), body.provider or ProviderBody()
    plugin = next(filter(_is_ours, body.plugins), PluginBody(id="auto-router"))
    is_auto = name in AUTO_NAMES
    price, floor = provider.max_price, routing.min_quality
    return Preferences(
        requested_model=body.model,
        models=tuple(body.models if is_auto else dict.fromkeys([name, *body.models])),
        is_auto=is_auto,
        objective=routing.objective or OBJECTIVE_BY_SUFFIX.get(suffix) or _objective_by_sort(provider),
        min_quality_milli=None if floor is None else round(floor * 1000),
        max_cost_usd=routing.max_cost_usd,
        max_latency_ms=routing.max_latency_ms,
        willingness_to_pay_usd=_willingness(routing, plugin),
        allowed_models=None if plugin.allowed_models is None else tuple(plugin.allowed_models),
        excluded_models=tuple(plugin.excluded_models),
        only_providers=_slugs(provider.only),
        ignored_providers=_slugs(provider.ignore),
        provider_order=_slugs(provider.order),
        allow_fallbacks=provider.allow_fallbacks,
        require_parameters=provider.require_parameters,
        zero_retention=provider.zdr,
        no_training=provider.data_collection == "deny",
        max_usd_per_mtok_input=price.prompt if price else None,
        max_usd_per_mtok_output=price.completion if price else None,
        service_tier=service_tier if service_tier and service_tier != "auto" else "default",
        reasoning_effort=reasoning_effort,
        warnings=(*_warnings(body), *warnings),
    )


def split_suffix(model: str) -> tuple[str, str]:
    """`auto:floor` -> (`auto`, `floor`); a name whose last part is no suffix of ours stays whole."""
    name, _, suffix = model.rpartition(":")
    return (name, suffix) if suffix in OBJECTIVE_BY_SUFFIX else (model, "")


def _objective_by_sort(provider: ProviderBody) -> Objective | None:
    sort = provider.sort.by if isinstance(provider.sort, SortBody) else provider.sort
    return None if sort is None else OBJECTIVE_BY_SORT[sort]


def _willingness(routing: RoutingBody, plugin: PluginBody) -> Decimal | None:
    if routing.willingness_to_pay_usd is not None:
        return routing.willingness_to_pay_usd
    if plugin.cost_tier is not None:
        return WILLINGNESS_BY_COST_TIER[plugin.cost_tier]
    return None if plugin.cost_quality_tradeoff is None else WILLINGNESS_BY_TRADEOFF[plugin.cost_quality_tradeoff]


def _is_ours(plugin: PluginBody) -> bool:
    return plugin.id in AUTO_PLUGINS and plugin.enabled


def _slugs(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name.lower() for name in names)


def _warnings(body: WishesBody) -> Iterator[str]:
    for name in sorted(body.model_extra or {}):
        yield f"{name}: not known here, ignored"
    for plugin in body.plugins:
        if plugin.id not in AUTO_PLUGINS:
            yield f"plugins: '{plugin.id}' is not known here, ignored"
    for name in sorted(body.provider.model_extra or {} if body.provider else {}):
        yield f"provider.{name}: not known here, ignored"
