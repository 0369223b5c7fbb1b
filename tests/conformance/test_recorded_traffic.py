"""Real answers of real providers: each is read, and says what it said."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.conformance_report import judge_folder, write_report
from tests.conformance.exchanges import ABSENT, FOLDER, Exchange, read_exchange
from tests.conformance.judging import Verdict, find_faults, judge
from tests.conformance.plain.said import Call, Ending, Said, Told
from tests.conformance.requests.comparing import find_differences
from tests.conformance.surfaces import Surface

VERDICTS: Sequence[Verdict] = judge_folder(FOLDER)
needs_recordings = pytest.mark.skipif(not FOLDER.is_dir(), reason=ABSENT)
ANSWER: Any = {
    "id": "c1",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5},
}


def exchange_with(body: Any, *, status: int = 200, headers: Any = None, endpoint: str = "chat.completions") -> Exchange:
    response: Any = {"status": status, "headers": headers or {}, "body": body}
    case: Any = {"provider": "openai", "endpoint": endpoint, "kind": "text", "response": response}
    return read_exchange("openai/a.json", json.dumps(case).encode())


@needs_recordings
@pytest.mark.parametrize("verdict", VERDICTS, ids=lambda verdict: verdict.file)
def test_a_recorded_answer_is_read_as_it_was_said(verdict: Verdict) -> None:
    assert verdict.status != "failed", verdict.reason
    assert verdict.status == "passed" or verdict.reason


@needs_recordings
def test_the_report_has_every_file() -> None:
    report = write_report(VERDICTS)
    assert report["passed"] + report["not_applicable"] == len(list(FOLDER.glob("*/*.json"))) == len(report["cases"])


def test_a_sound_answer_passes() -> None:
    assert judge(exchange_with(ANSWER)).status == "passed"


def test_whatever_was_read_otherwise_is_found() -> None:
    told: Mapping[Told, int] = {"total": 4, "cache_read": 1}
    said = Said("Ho", (Call("f", {}),), Ending("length"), tokens=told, cost_usd=Decimal(1))
    found = list(find_faults(exchange_with(ANSWER), Surface(lambda _: said)))
    assert found == [
        "its text differs: 2 characters, not 2",
        "its tool calls differ: (), not (Call(name='f', arguments={}),)",
        "it ended with stop, not length",
        "4 total tokens became 5",
        "1 cache_read tokens became 0",
        "a cost of 1 USD became None",
    ]


def test_an_unknown_finish_reason_has_to_be_refused() -> None:
    choice = {**ANSWER["choices"][0], "finish_reason": "bored"}
    assert judge(exchange_with({**ANSWER, "choices": [choice]})).status == "passed"


def test_an_error_of_the_wrong_kind_is_found() -> None:
    body = {"error": {"message": "slow down", "code": "invalid_api_key"}}
    verdict = judge(exchange_with(body, status=429))
    assert verdict.reason == "status 429 became authentication, not rate_limited"


def test_a_wait_that_gets_lost_is_found() -> None:
    body = {"error": {"message": "slow down"}}
    assert judge(exchange_with(body, status=429, headers={"retry-after": "7"})).status == "passed"


def test_extra_fields_change_nothing() -> None:
    assert judge(exchange_with({**ANSWER, "novelty": {"deep": [1]}})).status == "passed"


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"provider": "openai"}', b'{"provider": 1, "endpoint": 2}'])
def test_a_file_that_is_no_exchange_ends_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "openai").mkdir()
    (tmp_path / "openai" / "odd.json").write_bytes(content)
    assert [verdict.status for verdict in judge_folder(tmp_path)] == ["not_applicable"]


def test_an_unknown_endpoint_says_so() -> None:
    verdict = judge(exchange_with({}, endpoint="telepathy"))
    assert verdict.reason == "no dialect for telepathy of openai"


def test_a_request_that_says_something_else_is_found() -> None:
    exchange = replace(
        exchange_with(ANSWER), request_body={"model": "m", "messages": [{"role": "user", "content": "Hi"}]}
    )
    assert judge(exchange).request == "the same"
    wordy = {"model": "m", "messages": [{"role": "user", "content": "Hi"}], "novelty": 1}
    assert judge(replace(exchange, request_body=wordy)).request_detail == ("no place for novelty",)


def test_a_difference_that_nobody_declared_is_a_fault() -> None:
    recorded, sent = {"a": [{"b": 1, "c": 2}]}, {"a": [{"b": 3, "d": 4}]}
    found = [str(each) for each in find_differences(recorded, sent)]
    assert found == ["a[].b changed", "a[].c left out", "a[].d added"]
