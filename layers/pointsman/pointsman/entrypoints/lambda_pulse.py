"""Woken by the audit table's stream: what the records show goes into the live figures."""

import os
from collections.abc import Callable, Mapping
from typing import Any

from pointsman.bootstrap.pulse import Track, build_track
from pointsman.settings import Settings

Handler = Callable[[Mapping[str, Any], object], None]


def create_handler() -> Handler:
    return handle_with(build_track(Settings.from_env(os.environ)))


def handle_with(track: Track) -> Handler:
    """A failure is raised, so that Lambda brings the batch again, halved: nothing counts twice."""

    def handler(event: Mapping[str, Any], _context: object) -> None:
        # Records that expire or are deleted have no new image.
        changes = (record["dynamodb"] for record in event["Records"])
        track([change["NewImage"] for change in changes if "NewImage" in change])

    return handler
