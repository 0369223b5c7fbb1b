"""The same events, streamed by our own runtime: what arrives is what a buffered invocation answers."""

import json
from typing import Any

import pytest
from pointsman.entrypoints.lambda_router import RouterHandler
from pointsman.entrypoints.streaming_runtime.loop import serve
from pointsman.entrypoints.streaming_runtime.runtime_api import RuntimeApi, RuntimeApiError

from tests.contract.lambda_runtime.fake_runtime_api import Event, FakeRuntimeApi
from tests.fakes import make_card, make_stage
from tests.functions.expected import EXPECTED
from tests.functions.fakes import Function, load_event, make_context


def stream(function: Function, payload: dict[str, Any], *, seconds: float = 60) -> tuple[dict[str, Any], list[bytes]]:
    """The prelude, and the body's chunks."""
    api = FakeRuntimeApi([Event(payload, seconds=seconds)])
    with api.serving(), pytest.raises(RuntimeApiError, match="410"):
        serve(RuntimeApi(api.address), function.handler)
    prelude, *chunks = api.call("/response").chunks()
    assert prelude.endswith(b"}" + b"\0" * 8)
    return json.loads(prelude[:-8]), chunks


@pytest.mark.parametrize("name", EXPECTED)
def test_each_event_has_its_status_and_exactly_its_audit_record(function: Function, name: str) -> None:
    prelude, chunks = stream(function, load_event(name))
    expected = EXPECTED[name]
    assert prelude["statusCode"] == expected.status
    assert chunks
    assert [record.outcome for record in function.audit.records] == ([expected.outcome] if expected.outcome else [])


def test_the_chunks_of_an_answer_are_whole_events_and_what_came_waits_for_no_account(function: Function) -> None:
    prelude, chunks = stream(function, load_event("router_stream"))
    assert prelude["headers"]["content-type"].startswith("text/event-stream")
    assert "content-length" not in prelude["headers"]
    assert all(chunk.startswith(b"data: ") and chunk.endswith(b"\n\n") for chunk in chunks)
    content, account = chunks
    assert b'"finish_reason":"stop"' in content
    assert b'"usage":' in account
    assert account.endswith(b"data: [DONE]\n\n")


def test_where_the_function_s_time_is_nearly_over_nobody_is_called_and_the_caller_told(function: Function) -> None:
    prelude, chunks = stream(function, load_event("router_stream"), seconds=3.5)
    assert prelude["statusCode"] == 504
    assert json.loads(chunks[0])["error"]["type"] == "timeout"
    assert [(record.outcome, record.attempts) for record in function.audit.records] == [("failed", ())]


def test_what_is_no_event_of_a_rest_api_is_answered_whole(function: Function) -> None:
    event = {
        "version": "2.0",
        "requestContext": {"http": {"method": "GET", "path": "/healthz", "sourceIp": "127.0.0.1"}},
        "headers": {},
    }
    assert function.handler.read_request(event, make_context()) is None
    assert function.invoke(event)["statusCode"] == 200
    with pytest.raises(RuntimeError, match="unable to infer"):
        function.handler.read_request({}, make_context())


@pytest.mark.usefixtures("thread_loop")
def test_of_a_snapshot_only_the_meta_model_serves_on() -> None:
    stages = [make_stage([make_card("one")]) for _ in range(2)]
    given = list[Any]()

    def build(meta_model: Any) -> Any:
        given.append(meta_model)
        return stages[len(given) - 1].router

    handler = RouterHandler(build)
    handler.prime()
    assert handler.router is stages[0].router
    handler.renew()
    assert handler.router is stages[1].router
    assert given == [None, stages[0].router.outside.meta_model]
