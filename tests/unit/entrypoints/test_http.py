"""The endpoint over HTTP, on fakes: what each route answers, refuses and records."""

import json
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import httpx
import pytest
from pointsman.domain.errors import RateLimitedError
from pointsman.domain.preferences import Caller
from pointsman.domain.reply import Finished, ReasoningDelta, TextDelta
from pointsman.entrypoints.http.arrival import MARGIN_S
from pointsman.entrypoints.wire.parsing import DEEPEST

from tests.fakes import Pause, Stage, failure, make_card, make_stage
from tests.unit.entrypoints import asking
from tests.unit.entrypoints.asking import KEY

HELLO: Mapping[str, Any] = {"model": "auto", "messages": [{"role": "user", "content": "Hello"}]}


def make_two(**scripts: Any) -> Stage:
    cards = [make_card("good", ability=3000), make_card("bad", ability=-1000, usd="9")]
    return make_stage(cards, {f"acme/{name}": script for name, script in scripts.items()})


def ask(
    stage: Stage, body: Any = None, *, path: str = "/v1/chat/completions", headers: Mapping[str, str] = KEY
) -> httpx.Response:
    return asking.ask(stage, path, body, headers=headers)


def chunks_of(answer: httpx.Response) -> list[Any]:
    lines = [line.removeprefix("data: ") for line in answer.text.split("\n\n") if line.startswith("data: ")]
    assert lines[-1] == "[DONE]"
    return [json.loads(line) for line in lines[:-1]]


@pytest.mark.parametrize("prefix", ["/v1", "/api/v1"])
def test_an_answer_has_openais_form_and_openrouters_additions(prefix: str) -> None:
    stage = make_two()
    answer = ask(stage, HELLO, path=f"{prefix}/chat/completions")
    body = answer.json()
    assert (answer.status_code, body["object"], body["model"]) == (200, "chat.completion", "acme/good")
    assert body["choices"][0]["message"] == {"role": "assistant", "content": "Hello", "refusal": None}
    assert body["choices"][0]["finish_reason"] == "stop"
    assert body["choices"][0]["native_finish_reason"] == "end"
    assert body["usage"]["total_tokens"] == body["usage"]["prompt_tokens"] + body["usage"]["completion_tokens"] == 12
    assert body["usage"]["cost"] == pytest.approx(10e-6 + 2 * 10e-6)
    assert answer.headers["x-generation-id"] == body["id"] == stage.audit.records[0].subject.id
    assert "routing" not in body
    assert "openrouter_metadata" not in body


@pytest.mark.parametrize(("reasoning", "is_shown"), [({}, True), ({"exclude": True}, False)])
def test_thoughts_of_a_whole_answer_are_shown_unless_excluded(reasoning: Any, is_shown: bool) -> None:
    thought = ReasoningDelta("hm", {"type": "reasoning.text", "text": "hm"})
    stage = make_two(good=[thought, TextDelta("a"), Finished("stop")])
    message = ask(stage, {**HELLO, "reasoning": reasoning}).json()["choices"][0]["message"]
    assert message["content"] == "a"
    assert ["reasoning" in message, "reasoning_details" in message] == [is_shown, is_shown]


def test_a_stream_has_one_role_one_finish_and_one_usage_at_its_end() -> None:
    chunks = chunks_of(ask(make_two(), {**HELLO, "stream": True}))
    choices = [choice for chunk in chunks for choice in chunk["choices"]]
    assert len({(chunk["id"], chunk["created"], chunk["model"]) for chunk in chunks}) == 1
    assert ["role" in choice["delta"] for choice in choices] == [True, False, False]
    assert [choice["finish_reason"] for choice in choices] == [None, None, "stop"]
    assert "".join(choice["delta"].get("content", "") for choice in choices) == "Hello"
    assert [chunk.get("usage") is not None for chunk in chunks] == [False, False, False, True]
    assert chunks[-1]["choices"] == []


def test_a_stream_that_breaks_off_ends_with_an_error_chunk() -> None:
    stage = make_two(good=[TextDelta("Hel"), failure("unavailable", status=502)])
    last = chunks_of(ask(stage, {**HELLO, "stream": True}))[-1]
    assert last["error"]["code"] == 502
    assert last["choices"][0]["finish_reason"] == "error"
    assert stage.audit.records[0].outcome == "interrupted"


def test_the_decision_comes_where_it_is_asked_for() -> None:
    headers = {**KEY, "X-OpenRouter-Metadata": "Enabled"}
    body = ask(make_two(), {**HELLO, "routing": {"objective": "quality"}}, headers=headers).json()
    assert body["routing"]["chosen"] == body["routing"]["served"] == "acme/good"
    assert body["routing"]["objective"]["name"] == "quality"
    assert body["openrouter_metadata"]["endpoints"]["available"][0]["selected"]
    streamed = chunks_of(ask(make_two(), {**HELLO, "stream": True, "routing": {}}))
    assert [("routing" in chunk) for chunk in streamed] == [False, False, False, True]


def test_a_decision_alone_spends_nothing() -> None:
    stage = make_two()
    body = ask(stage, HELLO, path="/v1/route").json()
    assert body["routing"]["chosen"] == "acme/good"
    assert stage.providers.called == []


def test_models_and_health_are_told() -> None:
    models = ask(make_two(), path="/v1/models").json()
    assert [model["id"] for model in models["data"]] == ["pointsman/auto", "acme/good", "acme/bad"]
    assert models["data"][1]["pricing"]["prompt"] == "0.000001"
    health = ask(make_two(), path="/healthz", headers={}).json()
    assert (health["status"], health["models"]) == ("ok", 2)


def test_a_generation_is_told_to_its_owner_only() -> None:
    stage = make_two()
    identity = ask(stage, HELLO).json()["id"]
    told = ask(stage, path=f"/v1/generation?id={identity}").json()["data"]
    assert (told["model"], told["tokens_prompt"], told["finish_reason"]) == ("acme/good", 10, "stop")
    assert ask(stage, path="/v1/generation?id=gen-none").status_code == 404
    assert ask(stage, path="/v1/generation").json()["error"]["param"] == "id"


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer no"}, {"authorization": "Basic dev"}])
def test_without_a_valid_key_nothing_is_answered_or_recorded(headers: dict[str, str]) -> None:
    stage = make_two()
    answer = ask(stage, HELLO, headers=headers)
    assert (answer.status_code, answer.json()["error"]["type"]) == (401, "authentication")
    assert stage.audit.records == []


def test_anthropics_key_header_is_taken_too() -> None:
    assert ask(make_two(), HELLO, headers={"x-api-key": "dev"}).status_code == 200


IMAGE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,@@"}}


def nested(depth: int) -> dict[str, Any]:
    """HELLO with a tool whose body is this deep in all."""
    parameters = json.loads('{"a":' * (depth - 4) + "1" + "}" * (depth - 4))
    return {**HELLO, "tools": [{"type": "function", "function": {"name": "f", "parameters": parameters}}]}


REFUSED: list[tuple[Any, int, str | None]] = [
    (b"{not json", 400, None),
    (b"[]", 400, None),
    (b"[" * 100_000, 400, None),
    (nested(DEEPEST + 1), 400, None),
    (b"x" * (5 * 1024 * 1024 + 1), 413, "body"),
    ({"messages": HELLO["messages"]}, 400, "model"),
    ({**HELLO, "messages": []}, 400, "messages"),
    ({**HELLO, "model": "acme/none"}, 400, "model"),
    ({**HELLO, "messages": [{"role": "wizard", "content": "x"}]}, 400, "messages[0].role"),
    ({**HELLO, "messages": [{"role": "user", "content": [IMAGE]}]}, 400, "messages[0].content[0].image_url.url"),
    ({**HELLO, "messages": [{"role": "user", "content": [{"type": "text"}]}]}, 400, "messages[0].content[0].text"),
    ({**HELLO, "messages": [{"role": "user", "content": ""}]}, 400, "messages[0].content"),
    ({**HELLO, "temperature": 3}, 400, "temperature"),
    ({**HELLO, "stream": 0}, 400, "stream"),
    ({**HELLO, "max_tokens": 1, "max_completion_tokens": 2}, 400, "max_tokens"),
    ({**HELLO, "routing": {"objectiv": "cost"}}, 400, "routing.objectiv"),
    ({**HELLO, "tool_choice": "required"}, 400, "tool_choice"),
    ({**HELLO, "tool_choice": {"type": "function", "function": {"name": "f"}}}, 400, "tool_choice.function.name"),
    ({**HELLO, "plugins": [{"id": "auto-router", "allowed_models": []}]}, 404, "plugins.allowed_models"),
    ({**HELLO, "n": 2}, 404, "n"),
    ({**HELLO, "routing": {"max_cost_usd": 0}}, 404, "routing.max_cost_usd"),
    ({**HELLO, "routing": {"min_quality": 1}}, 404, "routing.min_quality"),
    ({**HELLO, "messages": [{"role": "user", "content": "word " * 200_000}]}, 400, "messages"),
]


@pytest.mark.parametrize(("body", "status", "field"), REFUSED)
def test_bad_input_names_its_field_and_is_recorded_once(body: Any, status: int, field: str | None) -> None:
    stage = make_two()
    answer = ask(stage, body)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["param"]) == (status, status, field)
    assert [record.outcome for record in stage.audit.records] == ["rejected"]
    assert stage.providers.called == []


def test_what_is_nested_as_deep_as_may_be_is_answered() -> None:
    assert ask(make_two(), nested(DEEPEST)).status_code == 200


def test_when_all_have_failed_the_client_is_told_not_to_retry() -> None:
    stage = make_two(
        good=[failure("rate_limited", status=429, retry_after_s=7)],
        bad=[failure("rate_limited", status=429, retry_after_s=40)],
    )
    answer = ask(stage, HELLO)
    assert (answer.status_code, answer.headers["x-should-retry"], answer.headers["retry-after"]) == (429, "false", "7")
    assert [entry["code"] for entry in answer.json()["error"]["metadata"]["previous_errors"]] == ["rate_limited"] * 2


def test_a_packed_body_is_refused_and_recorded() -> None:
    stage = make_two()
    answer = ask(stage, HELLO, headers={**KEY, "content-encoding": "gzip"})
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "content-encoding")
    assert [record.outcome for record in stage.audit.records] == ["rejected"]


def test_somebody_elses_generation_is_as_good_as_none() -> None:
    stage = make_two()
    identity = ask(stage, HELLO).json()["id"]
    (record,) = stage.audit.records
    stage.audit.records[:] = [replace(record, subject=replace(record.subject, key_id="somebody-else"))]
    answer = ask(stage, path=f"/v1/generation?id={identity}")
    assert (answer.status_code, answer.json()["error"]["type"]) == (404, "not_found")


def test_an_unknown_path_is_an_error_in_the_same_form() -> None:
    assert ask(make_two(), path="/v1/nothing").json()["error"]["type"] == "not_found"


def test_a_wrong_method_names_the_right_one() -> None:
    answer = ask(make_two(), path="/v1/chat/completions")
    assert (answer.status_code, answer.json()["error"]["type"]) == (405, "method_not_allowed")
    assert answer.headers["allow"] == "POST"


def test_what_nobody_foresaw_tells_nothing_of_itself() -> None:
    stage = make_two(good=[object()])
    answer = ask(stage, HELLO)
    assert (answer.status_code, answer.json()["error"]["type"]) == (500, "server")
    assert "object" not in answer.text


class FixedKey:
    """One caller, whatever key is shown."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def caller(self, key: str) -> Caller:
        return self._caller


class FullMinute:
    async def admit(self, caller: Caller) -> None:
        raise RateLimitedError("This key may send 1 requests a minute.", retry_after_s=17)


def with_outside(stage: Stage, **changes: Any) -> Stage:
    return replace(stage, router=replace(stage.router, outside=replace(stage.router.outside, **changes)))


def test_a_key_beyond_its_rate_is_told_when_to_come_back_and_counted_without_a_record() -> None:
    stage = with_outside(make_two(), limiter=FullMinute())
    answer = ask(stage, HELLO)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "17")
    assert answer.json()["error"]["type"] == "rate_limit_exceeded"
    assert (stage.audit.records, stage.providers.called) == ([], [])
    (counted,) = stage.meter.records
    assert counted.rejection is not None
    assert (counted.outcome, counted.rejection.type) == ("rejected", "RateLimitedError")


def test_what_a_key_does_not_allow_is_refused_by_field_and_recorded() -> None:
    stage = with_outside(make_two(), keys=FixedKey(Caller("team", objectives=("cost",))))
    answer = ask(stage, {**HELLO, "routing": {"objective": "quality"}})
    error = answer.json()["error"]
    assert (answer.status_code, error["type"], error["param"]) == (403, "permission_denied", "routing.objective")
    assert [record.outcome for record in stage.audit.records] == ["rejected"]


def test_a_key_s_own_objective_and_data_policy_hold_for_what_it_asks() -> None:
    stage = with_outside(make_two(), keys=FixedKey(Caller("team", objectives=("cost",), zero_retention=True)))
    answer = ask(stage, HELLO)
    assert (answer.status_code, answer.json()["error"]["type"]) == (404, "privacy_restricted")
    answer = ask(with_outside(stage, keys=FixedKey(Caller("team", objectives=("cost",)))), {**HELLO, "routing": {}})
    assert answer.json()["routing"]["objective"]["name"] == "cost"


@pytest.mark.parametrize("streamed", [True, False])
def test_each_answer_tells_what_of_the_time_was_the_router_s(streamed: bool) -> None:
    stage = make_two(good=[Pause(0.05), TextDelta("Hi"), Pause(0.01), Finished("stop", "end")])
    told = ask(stage, {**HELLO, "stream": streamed}).headers["x-pointsman-overhead-ms"]
    spent = {name: float(duration_ms) for name, _, duration_ms in (lap.partition(";dur=") for lap in told.split(", "))}
    laps = {"auth", "parse", "features", "model", "decide", "first_byte", *([] if streamed else ["account"])}
    assert spent.keys() == laps | {"total", "upstream"}
    assert spent["total"] == pytest.approx(sum(spent[name] for name in laps), abs=0.1)
    assert spent["upstream"] >= 50


TURNS: Any = [
    {"role": "system", "content": "Be brief. " * 1000},
    {"role": "user", "content": "Hello"},
    {"role": "assistant", "content": "Hi"},
    {"role": "user", "content": "And now?"},
]


@pytest.mark.parametrize(
    ("extra", "headers", "name"),
    [
        ({"session_id": "s1"}, {"x-session-id": "s2"}, "s1"),
        ({"prompt_cache_key": "c"}, {"x-session-id": "s2"}, "s2"),
        ({"prompt_cache_key": "c"}, {}, "c"),
        ({}, {}, "begins-"),
    ],
)
def test_a_conversations_next_turn_finds_what_its_last_left(extra: Any, headers: Any, name: str) -> None:
    stage = make_two()
    for messages in (TURNS[:2], TURNS):
        ask(stage, {**HELLO, "messages": messages, **extra}, headers={**KEY, **headers})
    first, second = stage.audit.records
    assert first.subject.session_id == second.subject.session_id
    assert (first.subject.session_id or "").startswith(name)
    assert first.decision is not None
    assert second.decision is not None
    assert first.decision.situation.session is None
    left = second.decision.situation.session
    assert left is not None
    assert (left.served_by, left.prompt_tokens) == ("acme/good@acme", first.decision.situation.features.prompt_tokens)


def test_short_prompts_leave_no_session() -> None:
    stage = make_two()
    ask(stage, {**HELLO, "session_id": "s"})
    assert stage.sessions.kept == {}


@pytest.mark.parametrize(
    ("context", "status", "told"),
    [
        ({"deadline": 1000 * (time.time() + MARGIN_S + 0.5)}, 504, "timeout"),
        ({"deadline": 1000 * (time.time() + 600)}, 200, None),
        ({"deadline": "soon"}, 400, "invalid_request"),
        ([], 400, "invalid_request"),
    ],
)
def test_the_web_adapter_s_context_sets_the_deadline(context: Any, status: int, told: str | None) -> None:
    answer = ask(make_two(), HELLO, headers={**KEY, "x-amzn-lambda-context": json.dumps(context)})
    assert (answer.status_code, answer.json().get("error", {}).get("type")) == (status, told)
