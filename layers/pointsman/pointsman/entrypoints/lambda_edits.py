"""Woken by the registry table's stream: judges rows that somebody edited directly. Does not read the events."""

import logging
import os
from collections.abc import Callable, Mapping
from typing import Any

from pointsman.application.adopt_edits import AdoptEdits
from pointsman.bootstrap.registry import build_adopt_edits, count_edits_for
from pointsman.settings import Settings

logger = logging.getLogger("pointsman")
Handler = Callable[[Mapping[str, Any], object], None]


def create_handler() -> Handler:
    settings = Settings.from_env(os.environ)
    return handle_with(build_adopt_edits(settings), count_edits_for(settings))


def handle_with(adopter: AdoptEdits, count: Callable[[int, int], None]) -> Handler:
    """`count` is told how many rows were adopted and rejected. A failure is raised, so that Lambda tries again."""

    def handler(_event: Mapping[str, Any], _context: object) -> None:
        # Whatever woke us, all rows are looked at: late, doubled or unordered events change nothing.
        adoption = adopter.adopt()
        for name, reason in adoption.rejected.items():
            logger.error("direct edit of %s rejected, the last good version stays: %s", name, reason)
        if adoption.adopted or adoption.rejected:
            count(len(adoption.adopted), len(adoption.rejected))

    return handler
