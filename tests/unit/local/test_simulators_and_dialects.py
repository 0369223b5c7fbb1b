"""Every row of the catalog against the simulator that stands in for it: what one writes, the other reads."""

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import httpx
import pytest
from botocore.credentials import Credentials
from pointsman.adapters.providers.client import HttpProviders
from pointsman.adapters.providers.spec import load_catalog, with_base_urls
from pointsman.domain.errors import ProviderError
from pointsman.domain.model_card import Endpoint
from pointsman.domain.reply import Reply, assemble
from pointsman.domain.request import ChatRequest, Message, Reasoning, TextPart, Tool

from local.provider_plan import plan_providers
from local.simulated_providers.dialects import DIALECTS
from local.simulated_providers.pace import Clock
from local.simulated_providers.server import SIMULATED_KEY, create_app
from tests.conformance.cards import card_with
from tests.fake_http import FakeHttp

CATALOG = load_catalog()
THINKER = card_with(parameters=("reasoning_effort",), features=("reasoning",), reasoning_efforts=("low",))
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
QUESTION = ChatRequest((Message("user", (TextPart("What is the weather in Oslo?"),)),), max_output_tokens=500)
WITH_TOOL = replace(QUESTION, tools=(Tool("get_weather", "Weather", SCHEMA),))


def ask(
    request: ChatRequest,
    *,
    row: str,
    key: str | None = SIMULATED_KEY,
    mode: str | None = None,
    fault: Mapping[str, Any] | None = None,
) -> Reply:
    """A request to Bedrock without a key is signed."""

    async def collect() -> Reply:
        app = create_app(DIALECTS.values(), clock=Clock(float("inf")), reset_connection=lambda _: None)
        catalog = with_base_urls(CATALOG, plan_providers(CATALOG, {}, port=1).urls)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport) as client:
            if fault is not None:
                await client.post("http://simulator/_simulator/faults", json=fault)
            signer = Credentials(SIMULATED_KEY, "a-secret")
            providers = HttpProviders(catalog, lambda name: key, FakeHttp(transport), aws_credentials=lambda: signer)
            endpoint = Endpoint(row, "m", mode=mode)
            async with aclosing(providers.reply(request, THINKER, endpoint, timeout_s=5)) as events:
                return assemble([event async for event in events])

    return asyncio.run(collect())


# What needs no key may run for real on this machine, and is not simulated then; it speaks the same dialect as others.
# Black Forest Labs only draws.
SIMULATED = sorted(name for name, spec in CATALOG.items() if not spec.needs_no_key and name != "bfl")


@pytest.mark.parametrize("row", SIMULATED)
def test_an_answer_is_read_as_the_simulator_wrote_it_whole_or_streamed(row: str) -> None:
    whole, streamed = ask(QUESTION, row=row), ask(replace(QUESTION, stream=True), row=row)
    assert "weather in Oslo" in whole.choices[0].text
    assert streamed.choices == whole.choices
    assert streamed.usage == whole.usage
    assert whole.usage.prompt_tokens > 0


@pytest.mark.parametrize("row", sorted(set(SIMULATED) - {"perplexity"}))
def test_a_tool_is_called_whole_or_streamed(row: str) -> None:
    whole, streamed = ask(WITH_TOOL, row=row).choices[0], ask(replace(WITH_TOOL, stream=True), row=row).choices[0]
    assert [call.name for call in whole.tool_calls] == ["get_weather"]
    assert whole.finish_reason == streamed.finish_reason == "tool_calls"
    assert [call.arguments for call in streamed.tool_calls] == [call.arguments for call in whole.tool_calls]


MODES = [(name, mode) for name, spec in CATALOG.items() for mode in spec.modes]


@pytest.mark.parametrize(("row", "mode"), MODES)
def test_a_provider_s_other_interfaces_are_read_too(row: str, mode: str) -> None:
    for asked in (QUESTION, WITH_TOOL, replace(QUESTION, reasoning=Reasoning("low"))):
        whole, streamed = ask(asked, row=row, mode=mode), ask(replace(asked, stream=True), row=row, mode=mode)
        assert _without_ids(streamed) == _without_ids(whole)
    assert whole.choices[0].reasoning_details


def _without_ids(reply: Reply) -> object:
    choice = reply.choices[0]
    calls = [(call.name, call.arguments) for call in choice.tool_calls]
    return choice.text, choice.reasoning, calls, choice.finish_reason, reply.usage


# One provider of each dialect of chat.
SPEAKERS: list[tuple[str, str | None]] = [
    *((name, None) for name in ("openai", "anthropic", "google", "cohere", "bedrock")),
    ("openai", "responses"),
]


@pytest.mark.parametrize(("row", "mode"), SPEAKERS)
def test_an_error_in_the_midst_of_a_stream_is_an_error(row: str, mode: str | None) -> None:
    fault = {"kind": "error_in_stream", "status": 503, "after_chunks": 3}
    with pytest.raises(ProviderError) as caught:
        ask(replace(QUESTION, stream=True), row=row, mode=mode, fault=fault)
    assert caught.value.failure.kind in ("overloaded", "unavailable")


@pytest.mark.parametrize(("row", "mode"), SPEAKERS)
def test_a_status_is_told_as_what_it_is(row: str, mode: str | None) -> None:
    fault = {"kind": "status", "status": 429, "retry_after_s": 7}
    with pytest.raises(ProviderError) as caught:
        ask(QUESTION, row=row, mode=mode, fault=fault)
    assert (caught.value.failure.kind, caught.value.failure.retry_after_s) == ("rate_limited", 7)


def test_a_signed_request_is_answered_too() -> None:
    assert ask(QUESTION, row="bedrock", key=None).choices == ask(QUESTION, row="bedrock").choices


@pytest.mark.parametrize("row", SIMULATED)
def test_a_wrong_key_is_told_as_one(row: str) -> None:
    with pytest.raises(ProviderError) as caught:
        ask(QUESTION, row=row, key="wrong")
    assert caught.value.failure.kind == "authentication"
