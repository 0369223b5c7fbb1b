"""The router function's handler on fakes: real routes, decision and account, no network, no tables."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pointsman.adapters.registry_yaml import read_registry_folder
from pointsman.domain.registry import Registry

from tests.functions.fakes import Function, make_function

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def registry() -> Registry:
    return replace(read_registry_folder(ROOT / "registry"), version=1)


@pytest.fixture
def thread_loop() -> Iterator[None]:
    """Mangum runs on the thread's own loop, as Lambda's runtime leaves it."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    asyncio.set_event_loop(None)
    loop.close()


@pytest.fixture
def function(registry: Registry, thread_loop: None) -> Function:
    return make_function(registry)
