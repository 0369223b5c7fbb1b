"""Answers that come later: pictures that are followed up, films that are asked after, and who is shown the key."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from datetime import UTC, datetime
from math import inf

import httpx
import pytest
from pointsman.adapters.providers.client import HttpProviders
from pointsman.adapters.providers.jobs import HttpJobs
from pointsman.adapters.providers.spec import load_catalog
from pointsman.domain.errors import ProviderError, RequestError
from pointsman.domain.jobs import Job
from pointsman.domain.model_card import Endpoint
from pointsman.domain.reply import Reply, assemble
from pointsman.domain.request import ChatRequest, Message, TextPart

from tests.conformance.cards import card_with
from tests.fake_http import FakeHttp

CATALOG = load_catalog()
Answer = Callable[[httpx.Request], httpx.Response]
DRAW = ChatRequest((Message("user", (TextPart("a lighthouse"),)),), kind="image_generation")
JOB = Job("me", "gen-1", "m", Endpoint("google", "veo"), "models/veo/operations/1", datetime.now(UTC), 8, "1280x720")


def draw(answer: Answer) -> Reply:
    async def ask() -> Reply:
        providers = HttpProviders(CATALOG, lambda _: "key", FakeHttp(httpx.MockTransport(answer)))
        events = providers.reply(DRAW, card_with(kind="image_generation"), Endpoint("bfl", "flux"), timeout_s=5)
        async with aclosing(events) as opened:
            return assemble([event async for event in opened])

    return asyncio.run(ask())


def test_a_picture_is_followed_until_it_can_be_fetched() -> None:
    states = iter(("Pending", "Ready"))
    keys: dict[str, str | None] = {}

    def answer(request: httpx.Request) -> httpx.Response:
        keys[request.url.host] = request.headers.get("x-key")
        if request.method == "POST":
            return httpx.Response(200, json={"id": "1", "polling_url": "https://api.eu1.bfl.ai/v1/get_result?id=1"})
        if request.url.host == "files.example.com":
            return httpx.Response(200, content=b"\x89PNG", headers={"content-type": "image/png"})
        sample = {"sample": "https://files.example.com/1.png"}
        return httpx.Response(200, json={"id": "1", "status": next(states), "result": sample})

    reply = draw(answer)
    assert [media.base64_data for media in reply.choices[0].media] == ["iVBORw=="]
    assert keys == {"api.bfl.ai": "key", "api.eu1.bfl.ai": "key", "files.example.com": None}


def test_a_picture_that_was_withheld_is_told_as_such() -> None:
    with pytest.raises(ProviderError) as caught:
        draw(lambda _: httpx.Response(200, json={"id": "1", "status": "Content Moderated"}))
    assert caught.value.failure.kind == "content_policy"


def fetch(answer: Answer) -> tuple[str, bytes]:
    async def ask() -> tuple[str, bytes]:
        providers = HttpProviders(CATALOG, lambda _: "key", FakeHttp(httpx.MockTransport(answer)))
        jobs = HttpJobs(providers.line, timeout_s=5)
        state = await jobs.state(JOB, left_s=inf)
        return state.status, b"".join([piece async for piece in jobs.content(JOB, left_s=inf)])

    return asyncio.run(ask())


def test_a_film_is_fetched_by_way_of_another_host_that_sees_no_key() -> None:
    keys: dict[str, str | None] = {}

    def answer(request: httpx.Request) -> httpx.Response:
        keys[request.url.host] = request.headers.get("x-goog-api-key")
        if request.url.host == "store.example.com":
            return httpx.Response(200, content=b"film")
        if "files" in request.url.path:
            return httpx.Response(302, headers={"location": "https://store.example.com/film"})
        uri = "https://generativelanguage.googleapis.com/v1beta/files/1:download"
        films = {"generatedSamples": [{"video": {"uri": uri}}]}
        return httpx.Response(200, json={"done": True, "response": {"generateVideoResponse": films}})

    assert fetch(answer) == ("completed", b"film")
    assert keys == {"generativelanguage.googleapis.com": "key", "store.example.com": None}


def test_a_film_that_is_not_there_yet_cannot_be_fetched() -> None:
    with pytest.raises(RequestError) as caught:
        fetch(lambda _: httpx.Response(200, json={"name": "models/veo/operations/1"}))
    assert caught.value.field == "video_id"


def test_a_job_is_asked_after_for_no_longer_than_is_left() -> None:
    async def stay_silent(_: httpx.Request) -> httpx.Response:
        await asyncio.sleep(60)
        return httpx.Response(200)

    async def ask(*, content: bool) -> str:
        providers = HttpProviders(CATALOG, lambda _: "key", FakeHttp(httpx.MockTransport(stay_silent)))
        jobs = HttpJobs(providers.line, timeout_s=60)
        with pytest.raises(ProviderError) as caught:
            async with asyncio.timeout(5):
                await (anext(jobs.content(JOB, left_s=0.05)) if content else jobs.state(JOB, left_s=0.05))
        return caught.value.failure.kind

    assert [asyncio.run(ask(content=content)) for content in (True, False)] == ["timeout"] * 2
