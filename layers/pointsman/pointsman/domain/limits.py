"""The funnel's constraints on what is predicted, in their order. As with the others, None where there is no limit."""

from decimal import Decimal

from pointsman.domain.candidate import Prediction, Situation
from pointsman.domain.cost import find_price, format_usd
from pointsman.domain.funnel import Check, FunnelStep
from pointsman.domain.model_card import Price
from pointsman.domain.reply import TokenClass

PredictionCheck = Check[Prediction]


def predicted_steps(situation: Situation) -> tuple[FunnelStep[Prediction], ...]:
    wanted = situation.preferences
    return (
        FunnelStep("price_per_token", "provider.max_price", _within_token_prices(situation)),
        FunnelStep("price_per_request", "routing.max_cost_usd", _within_request_price(wanted.max_cost_usd)),
        FunnelStep("budget", None, _within_budget(situation)),
        FunnelStep("latency", "routing.max_latency_ms", _within_latency(wanted.max_latency_ms)),
        FunnelStep("quality_floor", "routing.min_quality", _above_floor(wanted.min_quality_milli)),
    )


def _within_token_prices(situation: Situation) -> PredictionCheck | None:
    wanted = situation.preferences

    def check(prediction: Prediction) -> str | None:
        candidate = prediction.candidate
        price = find_price(candidate.card, on=situation.today, service_tier=candidate.service_tier)
        dear_input = _above_cap("input", price, wanted.max_usd_per_mtok_input)
        return dear_input or _above_cap("output", price, wanted.max_usd_per_mtok_output)

    has_caps = wanted.max_usd_per_mtok_input is not None or wanted.max_usd_per_mtok_output is not None
    return check if has_caps else None


def _above_cap(kind: TokenClass, price: Price, cap: Decimal | None) -> str | None:
    usd = price.usd_per_mtok.get(kind, Decimal(0))
    return f"{kind} costs {usd} USD per million tokens, cap {cap}" if cap is not None and usd > cap else None


def _within_request_price(cap: Decimal | None) -> PredictionCheck | None:
    if cap is None:
        return None

    def check(prediction: Prediction) -> str | None:
        cost = prediction.cost_usd_p95
        return f"may cost {format_usd(cost)} USD, cap {cap}" if cost > cap else None

    return check


def _within_budget(situation: Situation) -> PredictionCheck | None:
    if situation.budget is None:
        return None
    left = situation.budget.left_usd

    def check(prediction: Prediction) -> str | None:
        cost = prediction.cost_usd_p95
        return f"may cost {format_usd(cost)} USD, {left} of the key's budget left" if cost > left else None

    return check


def _within_latency(cap: int | None) -> PredictionCheck | None:
    if cap is None:
        return None

    def check(prediction: Prediction) -> str | None:
        p95 = prediction.latency.p95_ms
        return f"may take {p95} ms, cap {cap}" if p95 > cap else None

    return check


def _above_floor(floor: int | None) -> PredictionCheck | None:
    if not floor:
        return None

    def check(prediction: Prediction) -> str | None:
        quality = prediction.quality.mean_milli
        return f"predicted quality {quality / 1000}, floor {floor / 1000}" if quality < floor else None

    return check
