"""Real answers of real providers: each is read, and says what it said."""

from collections.abc import Sequence

import pytest

from tests.conformance.judging import KNOWN_LIMITS, judge
from tests.conformance.recorded_traffic import ABSENT, FOLDER, Recording, recordings

RECORDINGS: Sequence[Recording] = tuple(recordings())
needs_recordings = pytest.mark.skipif(not FOLDER.is_dir(), reason=ABSENT)


@needs_recordings
@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda recording: recording.name)
def test_a_recorded_answer_is_read_as_it_was_said(recording: Recording) -> None:
    assert not judge(recording).faults


@needs_recordings
def test_known_limits_name_recordings_that_exist() -> None:
    named = {*KNOWN_LIMITS["undecodable"], *(name for names in KNOWN_LIMITS["read_as"].values() for name in names)}
    assert named <= {recording.name for recording in RECORDINGS}
