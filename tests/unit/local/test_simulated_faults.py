from collections.abc import Callable

import httpx
import pytest

Send = Callable[..., httpx.Response]
PATH = "/openai/v1/chat/completions"
BODY = {"model": "gpt-6-luna", "messages": [{"role": "user", "content": "Hello"}]}
STREAM = {**BODY, "stream": True}


def test_a_status_fault_is_shown_as_often_as_ordered_in_the_providers_own_shape(openai: Send) -> None:
    openai("/_simulator/faults", {"kind": "status", "status": 429, "times": 2, "retry_after_s": 1.5})
    first, second, third = (openai(PATH, BODY) for _ in range(3))
    assert [first.status_code, second.status_code, third.status_code] == [429, 429, 200]
    assert first.headers["retry-after"] == "1.5"
    assert "message" in first.json()["error"]


@pytest.mark.parametrize("match", ["*", "gpt-6-luna", "openai", "openai/gpt-6-luna"])
def test_a_fault_meets_the_model_or_provider_that_it_names(openai: Send, match: str) -> None:
    openai("/_simulator/faults", {"match": match, "kind": "status"})
    assert openai(PATH, BODY).status_code == 503


def test_a_fault_spares_whom_it_does_not_name(openai: Send) -> None:
    openai("/_simulator/faults", {"match": "groq", "kind": "status"})
    assert openai(PATH, BODY).status_code == 200


def test_faults_can_be_called_off(openai: Send) -> None:
    openai("/_simulator/faults", {"kind": "status", "times": 9})
    assert openai("/_simulator/faults", method="DELETE").status_code == 204
    assert openai(PATH, BODY).status_code == 200


def test_an_unknown_fault_is_refused(openai: Send) -> None:
    assert openai("/_simulator/faults", {"kind": "earthquake"}).status_code == 400
    assert openai("/_simulator/faults", {"kind": "slow", "speed": 1}).status_code == 400
    assert openai("/_simulator/faults", {"kind": "status", "status": "bad"}).status_code == 400
    assert openai("/_simulator/faults", b"{").status_code == 400


def test_an_error_in_a_stream_comes_after_the_ordered_chunks(openai: Send) -> None:
    openai("/_simulator/faults", {"kind": "error_in_stream", "after_chunks": 2})
    events = openai(PATH, STREAM).text.split("\n\n")
    assert len(events) == 4
    assert '"error"' in events[2]


def test_a_slow_answer_takes_its_time(openai: Send) -> None:
    openai("/_simulator/faults", {"kind": "slow", "delay_ms": 120})
    assert openai(PATH, BODY).elapsed.total_seconds() >= 0.12


def test_requests_are_listed_without_their_keys(openai: Send) -> None:
    openai(PATH, BODY, headers={"authorization": "Bearer simulated", "x-trace": "7"})
    (seen,) = openai("/_simulator/requests", method="GET").json()["requests"]
    assert seen["body"] == BODY
    assert (seen["provider"], seen["path"], seen["headers"]["x-trace"]) == ("openai", PATH, "7")
    assert "authorization" not in seen["headers"]
    openai("/_simulator/requests", method="DELETE")
    assert openai("/_simulator/requests", method="GET").json()["requests"] == []
