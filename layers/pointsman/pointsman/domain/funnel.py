"""The hard constraints: which candidates may serve at all. Each elimination keeps its reason; nothing is relaxed."""

from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

from pointsman.domain.errors import NoCandidateError

T = TypeVar("T")
# Says why a candidate is out, or None where it stays.
Check = Callable[[T], str | None]


class FunnelStep(NamedTuple, Generic[T]):
    """One constraint: its name, its request field, and its check, which is None where the request sets no limit."""

    name: str
    field: str | None
    check: Check[T] | None


class StepResult(NamedTuple):
    """How many candidates stood before and after; `reasons` maps the eliminated model's id to why."""

    step: str
    before: int
    after: int
    reasons: tuple[tuple[str, str], ...]


def sieve(
    candidates: Sequence[T],
    steps: Sequence[FunnelStep[T]],
    *,
    name_of: Callable[[T], str],
    after: Sequence[StepResult] = (),
) -> tuple[tuple[T, ...], tuple[StepResult, ...]]:
    """Pass candidates through the steps in order; `after` are the results of the steps that they have passed before.

    Raises NoCandidateError, naming the step that removed the last one.
    """
    survivors, results = tuple(candidates), list(after)
    for step in steps:
        verdicts = [step.check(candidate) for candidate in survivors] if step.check else []
        kept, reasons = survivors, ()
        if any(verdicts):
            judged = tuple(zip(survivors, verdicts, strict=True))
            kept = tuple(candidate for candidate, why in judged if why is None)
            reasons = tuple((name_of(candidate), why) for candidate, why in judged if why is not None)
        results.append(StepResult(step.name, len(survivors), len(kept), reasons))
        if not kept:
            raise _emptied(step, results)
        survivors = kept
    return survivors, tuple(results)


def _emptied(step: FunnelStep[T], results: Sequence[StepResult]) -> NoCandidateError:
    last = results[-1]
    why = "; ".join(f"{name}: {reason}" for name, reason in last.reasons[:3])
    counts = ", ".join(f"{result.step} {result.before}->{result.after}" for result in results)
    message = f"No model is left after the constraint '{step.name}' ({why}). Candidates: {counts}."
    return NoCandidateError(message, step=step.name, before=last.before, field=step.field, funnel=tuple(results))
