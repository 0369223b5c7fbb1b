"""A start without the search for garbage: importing makes none, and what it makes stays. Imports nothing of ours."""

import gc
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

# A request makes thousands of objects that go by themselves; Python's 700 would look through them several times each.
YOUNG: Final = 20_000


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
