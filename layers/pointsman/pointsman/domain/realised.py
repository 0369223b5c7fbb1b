"""What an answer turned out to be: its usage, cost and end, also where it broke off half-way."""

from collections.abc import Sequence
from dataclasses import replace

from pointsman.domain.candidate import Prediction
from pointsman.domain.cost import cost_of_usage
from pointsman.domain.decision import Decision
from pointsman.domain.expected_usage import expected_usage, units_expected
from pointsman.domain.features import RequestFeatures
from pointsman.domain.ledger import Served
from pointsman.domain.media_use import units_realised
from pointsman.domain.parameters import left_out_parameters
from pointsman.domain.reply import Choice, Reply, ReplyEvent, Usage, assemble
from pointsman.domain.tokens import estimate_text_tokens


def realise(events: Sequence[ReplyEvent], prediction: Prediction, decision: Decision) -> Served:
    """Account for the events that came. Where the provider gave no usage, it is estimated from the text and said so."""
    reply, candidate, situation = assemble(events), prediction.candidate, decision.situation
    is_estimated = not reply.usage.tokens
    usage = estimate_usage(reply, situation.features) if is_estimated else reply.usage
    usage = replace(usage, units=units_realised(units_expected(situation.features), reply))
    cost = cost_of_usage(candidate.card, usage, on=situation.today, service_tier=candidate.service_tier)
    return Served(
        candidate=candidate,
        usage=usage,
        cost=cost,
        finish_reason=reply.choices[0].finish_reason,
        native_finish_reason=reply.choices[0].native_finish_reason,
        usage_estimated=is_estimated,
        left_out_parameters=left_out_parameters(situation.features.requested_parameters, candidate.card),
        upstream_id=reply.upstream_id,
    )


def estimate_usage(reply: Reply, features: RequestFeatures) -> Usage:
    """By the length of what was written; media count as they were foreseen, if any came."""
    written = sum(estimate_text_tokens(_everything_written(choice)) for choice in reply.choices)
    if features.kind == "chat":
        return replace(reply.usage, tokens={"input": features.prompt_tokens, "output": written})
    has_media = any(choice.media for choice in reply.choices)
    return replace(
        expected_usage(features, features.media_output_tokens if has_media else written), units=reply.usage.units
    )


def _everything_written(choice: Choice) -> str:
    calls = "".join(call.name + call.arguments for call in choice.tool_calls)
    return choice.text + choice.reasoning + choice.refusal + calls
