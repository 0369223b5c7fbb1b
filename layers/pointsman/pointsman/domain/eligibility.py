"""Which candidates may serve a request at all. What holds for all requests on the same terms is found once for them."""

from functools import lru_cache

from pointsman.domain.candidate import Candidate, Situation, is_probe
from pointsman.domain.constraints import CandidateCheck, standing_steps
from pointsman.domain.cost import pick_price
from pointsman.domain.funnel import FunnelStep, StepResult, sieve
from pointsman.domain.lineup import Lineup, line_up
from pointsman.domain.preferences import Preferences
from pointsman.domain.terms import Terms, terms_of

# A prompt estimate may be this much too low before the context check lets a call fail at the provider.
CONTEXT_MARGIN_MILLI = 1_100


def find_eligible(situation: Situation) -> tuple[tuple[Candidate, ...], tuple[StepResult, ...]]:
    """Raises NoCandidateError, naming the constraint that left no model."""
    lineup = line_up(situation)
    standing, results = _sieve_by_terms(lineup, terms_of(situation, lineup))
    return sieve(standing, passing_steps(situation), name_of=_key, after=results)


# Neither a line-up nor terms ever change, and all that the steps look at is in them.
@lru_cache(maxsize=64)
def _sieve_by_terms(lineup: Lineup, terms: Terms) -> tuple[tuple[Candidate, ...], tuple[StepResult, ...]]:
    return sieve(lineup.candidates, standing_steps(terms), name_of=_key)


def passing_steps(situation: Situation) -> tuple[FunnelStep[Candidate], ...]:
    """The constraints that look at what no two requests share: lengths and live figures."""
    return (
        FunnelStep("context_window", "messages", _fits_context(situation)),
        FunnelStep("data_policy", "provider", _keeps_data_policy(situation.preferences)),
        FunnelStep("health", None, _is_healthy(situation)),
        FunnelStep("service_tier", "service_tier", _is_sold(situation)),
    )


def _fits_context(situation: Situation) -> CandidateCheck:
    features = situation.features
    written = features.max_output_tokens or 0
    needed = features.prompt_tokens * CONTEXT_MARGIN_MILLI // 1000 + written

    def check(candidate: Candidate) -> str | None:
        card = candidate.card
        if written > card.max_output_tokens:
            return f"writes at most {card.max_output_tokens} tokens, {written} asked for"
        return f"holds {card.context_tokens} tokens, about {needed} needed" if needed > card.context_tokens else None

    def check_other_kind(candidate: Candidate) -> str | None:
        """They often state no limit in tokens, and the length of their answer is not in tokens."""
        limit = candidate.card.context_tokens
        return f"takes {limit} tokens, about {needed} sent" if 0 < limit < needed else None

    return check if features.kind == "chat" else check_other_kind


def _keeps_data_policy(wanted: Preferences) -> CandidateCheck | None:
    def check(candidate: Candidate) -> str | None:
        policy = candidate.card.data_policy
        if wanted.zero_retention and policy.zero_retention is not True:
            return "zero data retention not promised"
        if wanted.no_training and policy.trains_on_data is not False:
            return "does not promise not to train on data"
        return None

    return check if wanted.zero_retention or wanted.no_training else None


def _is_healthy(situation: Situation) -> CandidateCheck | None:
    ill = {key: live for key, live in situation.live.items() if live.is_open or live.is_failing}

    def check(candidate: Candidate) -> str | None:
        live = ill.get(candidate.key)
        if live is None:
            return None
        if live.is_open:
            return "breaker open"
        return None if is_probe(candidate, situation) else f"{live.failed_milli // 10} % of its last calls failed"

    return check if ill else None


def _is_sold(situation: Situation) -> CandidateCheck:
    tokens = situation.features.prompt_tokens

    def check(candidate: Candidate) -> str | None:
        if pick_price(candidate.prices, tokens) is None:
            return f"no price for service tier {candidate.service_tier} today"
        return None

    return check


def _key(candidate: Candidate) -> str:
    return candidate.key
