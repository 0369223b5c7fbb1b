"""A start without idle threads and without the search for garbage: importing makes none. Imports nothing of ours."""

import gc
import os
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

# A request makes thousands of objects that go by themselves; Python's 700 would look through them several times each.
YOUNG: Final = 20_000
# What names them to OpenSSL.
CERTIFICATES: Final = "SSL_CERT_FILE"


def single_threaded() -> None:
    """To be called before numpy is imported: its linear algebra, which nothing uses, starts a thread per processor.

    Each of them spins for a while, waiting for work.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


@contextmanager
def trusting_nobody() -> Generator[None, None, None]:
    """aiohttp reads the machine's certificates twice while it is imported: inside it finds none. We read them after."""
    named = os.environ.get(CERTIFICATES)
    os.environ[CERTIFICATES] = os.devnull
    try:
        yield
    finally:
        del os.environ[CERTIFICATES]
        if named is not None:
            os.environ[CERTIFICATES] = named


@contextmanager
def uncollected() -> Generator[None, None, None]:
    """What is made inside is never looked through again either, by no later search; and later ones are rarer."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(YOUNG)
        gc.enable()
