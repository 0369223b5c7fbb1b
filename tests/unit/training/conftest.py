from collections.abc import Iterator
from typing import Any

import pytest
import threadpoolctl


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """Threads that wait for each other make small sums slow on a busy machine."""
    pools: Any = threadpoolctl
    with pools.threadpool_limits(1):
        yield
