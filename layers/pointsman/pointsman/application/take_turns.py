"""Whose turn it is to answer, after the failures so far. Calls nobody."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass

from pointsman.application.hurry import LEAST_CALL_S, Hurry, out_of_time
from pointsman.application.stopwatch import UPSTREAM, lap
from pointsman.domain.candidate import Candidate, Prediction
from pointsman.domain.errors import ProviderFailure
from pointsman.domain.recovery import bars, wait_before_retry


@dataclass(frozen=True, slots=True)
class Turns:
    """`sleep` waits for seconds, `draw` gives a number from 0 to 1."""

    sleep: Callable[[float], Awaitable[None]]
    draw: Callable[[], float]

    async def take(
        self, order: Sequence[Prediction], failures: list[ProviderFailure], hurry: Hurry
    ) -> AsyncGenerator[Prediction, None]:
        """Each that may still answer, and again where its failure may pass soon; the caller notes in `failures`.

        The first that there is no time for is one failure more.
        """
        failed: list[tuple[Candidate, ProviderFailure]] = []
        for prediction in order:
            candidate, retries, may_ask = prediction.candidate, 0, not _is_barred(prediction.candidate, failed)
            while may_ask:
                if hurry.forbids_a_call():
                    failures.append(out_of_time(candidate.endpoint.provider, "not asked"))
                    return
                before = len(failures)
                yield prediction
                may_ask = len(failures) > before
                if may_ask:
                    failed.append((candidate, failures[-1]))
                    may_ask = await self._waited(failures[-1], retries, hurry)
                    retries += 1

    async def _waited(self, failure: ProviderFailure, retries: int, hurry: Hurry) -> bool:
        """Whether the same may be asked again, once the wait for that is over."""
        wait_s = wait_before_retry(failure, retries=retries, lot=self.draw())
        if wait_s is None or hurry.left_s() - wait_s < LEAST_CALL_S:
            return False
        with lap(UPSTREAM):
            await self.sleep(wait_s)
        return True


def _is_barred(candidate: Candidate, failed: Sequence[tuple[Candidate, ProviderFailure]]) -> bool:
    return any(
        bars(
            failure,
            same_provider=candidate.endpoint.provider == other.endpoint.provider,
            larger_context=candidate.card.context_tokens > other.card.context_tokens,
        )
        for other, failure in failed
    )
