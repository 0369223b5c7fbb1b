"""The map from errors to HTTP is complete, and what it answers is in both clients' form."""

from collections.abc import Iterator
from typing import get_args

import pytest
from pointsman.domain.errors import (
    BudgetExhaustedError,
    CandidatesExhaustedError,
    NoCandidateError,
    NotFoundError,
    PointsmanError,
    ProviderError,
    ProviderErrorKind,
    ProviderFailure,
    RequestError,
)
from pointsman.entrypoints.problems import (
    STATUS_AND_TYPE,
    STATUS_BY_KIND,
    TYPE_BY_STEP,
    failure_problem,
    to_problem,
    unexpected_problem,
)
from pointsman.entrypoints.wire.chat.problem import encode_problem
from pointsman.entrypoints.wire.messages.problem import encode_problem as encode_anthropic_problem

KINDS: tuple[ProviderErrorKind, ...] = get_args(ProviderErrorKind)


def family(error: type[PointsmanError]) -> Iterator[type[PointsmanError]]:
    yield error
    for child in error.__subclasses__():
        yield from family(child)


def test_every_error_of_the_tree_has_its_row() -> None:
    assert set(family(PointsmanError)) == set(STATUS_AND_TYPE)


def test_every_kind_of_provider_failure_has_its_row() -> None:
    assert set(STATUS_BY_KIND) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_failure_has_one_status_and_type_in_a_body_and_in_a_stream(kind: ProviderErrorKind) -> None:
    failure = ProviderFailure("acme", kind, "it broke", code="E1", status=418)
    problem = to_problem(CandidatesExhaustedError((failure,)))
    error, told = encode_problem(problem)["error"], encode_problem(failure_problem(failure))["error"]
    assert problem.status == error["code"] == told["code"]
    assert error["type"] == told["type"] == error["metadata"]["error_type"]
    assert error["message"] == "acme: it broke"
    assert error["metadata"]["previous_errors"] == [{"provider": "acme", "code": "E1", "status": 418}]
    assert (problem.headers["x-should-retry"], "retry-after" in problem.headers) == ("false", False)


def test_when_to_come_back_is_a_whole_second_at_least() -> None:
    failure = ProviderFailure("acme", "rate_limited", "wait", retry_after_s=0.2)
    assert to_problem(CandidatesExhaustedError((failure,))).headers["retry-after"] == "1"


@pytest.mark.parametrize("kind", KINDS)
def test_a_job_that_cannot_be_asked_after_may_be_asked_after_again(kind: ProviderErrorKind) -> None:
    problem = to_problem(ProviderError(ProviderFailure("acme", kind, "it broke", status=418, retry_after_s=3)))
    assert (problem.status, problem.type) == STATUS_BY_KIND[kind]
    passes = kind in ("rate_limited", "overloaded", "unavailable", "timeout")
    assert problem.headers == ({"retry-after": "3"} if passes else {})


def test_the_first_to_take_requests_again_says_when() -> None:
    waits = (40.0, None, 6.5)
    failures = tuple(ProviderFailure("acme", "rate_limited", "wait", retry_after_s=wait) for wait in waits)
    assert to_problem(CandidatesExhaustedError(failures)).headers["retry-after"] == "7"


def test_what_no_wait_would_mend_names_none() -> None:
    failures = (
        ProviderFailure("acme", "rate_limited", "wait", retry_after_s=6),
        ProviderFailure("acme", "invalid_request", "no"),
    )
    assert "retry-after" not in to_problem(CandidatesExhaustedError(failures)).headers


@pytest.mark.parametrize(
    ("error", "param"), [(RequestError("no", field="model"), "model"), (NotFoundError("no"), None)]
)
def test_an_error_satisfies_both_clients(error: PointsmanError, param: str | None) -> None:
    body = encode_problem(to_problem(error))["error"]
    assert set(body) == {"message", "type", "param", "code", "metadata"}
    assert (body["param"], isinstance(body["code"], int)) == (param, True)


@pytest.mark.parametrize("step", [*TYPE_BY_STEP, "tools"])
def test_an_empty_funnel_tells_its_constraint(step: str) -> None:
    problem = to_problem(NoCandidateError("nobody", step=step, before=7, field="tools"))
    error = encode_problem(problem)["error"]
    assert (problem.status, error["type"]) == TYPE_BY_STEP.get(step, (404, "constraint_filtered"))
    assert error["metadata"]["constraint"] == {"step": step, "field": "tools", "candidates_before": 7}


def test_what_nobody_foresaw_is_a_plain_500() -> None:
    problem = unexpected_problem()
    assert (problem.status, problem.type) == (500, "server")


def test_a_budget_that_is_spent_asks_for_payment() -> None:
    spent = NoCandidateError("nothing left", step="budget", before=3, field=None)
    for error in (spent, BudgetExhaustedError("others have it")):
        problem = to_problem(error)
        assert (problem.status, problem.type) == (402, "payment_required")
        assert encode_problem(problem)["error"]["code"] == 402
        assert encode_anthropic_problem(problem, "gen-1")["error"]["type"] == "billing_error"
