"""Forms, tickets of jobs, sounds and subtitles, as they cross the wire."""

import asyncio
import hashlib
import io
import json
import wave
from datetime import UTC, datetime
from typing import Any

import pytest
from pointsman.domain.errors import NotFoundError, RequestError
from pointsman.domain.jobs import Job
from pointsman.domain.model_card import Endpoint
from pointsman.domain.request import MediaPart
from pointsman.entrypoints.wire.form import form_as_json, is_form
from pointsman.entrypoints.wire.images.family import EDITS, GENERATIONS
from pointsman.entrypoints.wire.job_ticket import read_ticket, write_ticket
from pointsman.entrypoints.wire.sound import join_sound
from pointsman.entrypoints.wire.transcriptions.subtitles import write_subtitles
from pointsman.entrypoints.wire.videos.family import VIDEOS

JOB = Job("me", "gen-1", "google/veo", Endpoint("google", "veo"), "op/1", datetime(2026, 11, 27, tzinfo=UTC), 8, "1x1")


def digest(content: bytes) -> str:
    return hashlib.sha256(b"pepper" + content).hexdigest()


def form(*fields: tuple[str, str]) -> Any:
    lines = [f"--b\r\nContent-Disposition: form-data; {name}\r\n\r\n{value}\r\n" for name, value in fields]
    content = ("".join(lines) + "--b--\r\n").encode()
    return json.loads(asyncio.run(form_as_json(content, "multipart/form-data; boundary=b")))


def test_a_form_says_what_json_would() -> None:
    told = form(
        ('name="model"', "auto"),
        ('name="granularities[]"', "word"),
        ('name="granularities[]"', "segment"),
        ('name="routing[objective]"', "cost"),
        ('name="svg[reasoning][effort]"', "none"),
        ('name="svg[tags][]"', "a"),
        ('name="provider"', '{"zdr": true}'),
        ('name="n"', "2"),
        ('name="prompt"', "3"),
        ('name="file"; filename="a.wav"\r\nContent-Type: audio/wav', "RIFF"),
    )
    assert told == {
        "model": "auto",
        "granularities": ["word", "segment"],
        "routing": {"objective": "cost"},
        "svg": {"reasoning": {"effort": "none"}, "tags": ["a"]},
        "provider": {"zdr": True},
        "n": 2,
        "prompt": "3",
        "file": {"filename": "a.wav", "mime_type": "audio/wav", "base64_data": "UklGRg=="},
    }


@pytest.mark.parametrize(
    "fields",
    [
        (('name="a"', "1"), ('name="a[b]"', "2")),
        (('name="a[b]"', "1"), ('name="a[b][c]"', "2")),
        (('name="routing"', "{"),),
    ],
)
def test_a_form_that_contradicts_itself_is_refused(fields: tuple[tuple[str, str], ...]) -> None:
    with pytest.raises(RequestError):
        form(*fields)


def test_a_form_is_told_from_json_by_its_type() -> None:
    assert is_form("multipart/form-data; boundary=b")
    assert not is_form("application/json")


def test_a_ticket_holds_its_job() -> None:
    assert read_ticket(write_ticket(JOB, digest), digest, key_id="me") == JOB


def test_a_ticket_that_was_touched_is_none() -> None:
    whole = write_ticket(JOB, digest)
    for touched in (whole[:-1], f"{whole[:40]}A{whole[41:]}", "video_", "anything"):
        with pytest.raises(NotFoundError):
            read_ticket(touched, digest, key_id="me")


def test_a_ticket_of_somebody_else_is_none() -> None:
    with pytest.raises(NotFoundError):
        read_ticket(write_ticket(JOB, digest), digest, key_id="another")


def test_raw_samples_get_a_header_and_others_stay_as_they_are() -> None:
    raw = MediaPart("audio", "audio/L16;codec=pcm;rate=16000", base64_data="AAABAA==")
    with wave.open(io.BytesIO(join_sound([raw], asked_format="wav").content)) as reader:
        assert (reader.getframerate(), reader.getnframes()) == (16_000, 2)
    assert join_sound([raw], asked_format="pcm").content == b"\0\0\1\0"
    pieces = [MediaPart("audio", "audio/*", base64_data=data) for data in ("UklG", "Rg==")]
    joined = join_sound(pieces, asked_format=None)
    assert (joined.content, joined.mime_type) == (b"RIFF", "audio/mpeg")


def test_subtitles_are_written_from_segments_or_from_words() -> None:
    segments = {"segments": [{"start": 0, "end": 61.5, "text": " Good morning."}]}
    assert write_subtitles("srt", segments, "") == "1\n00:00:00,000 --> 00:01:01,500\nGood morning.\n"
    words = {"words": [{"start": 0.1, "end": 0.4, "word": "Good"}, {"start": 0.5, "end": 0.9, "word": "morning"}]}
    assert write_subtitles("vtt", words, "") == "WEBVTT\n\n00:00:00.100 --> 00:00:00.900\nGood morning\n"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"prompt": ""}, "prompt"),
        ({"prompt": "a", "n": 11}, "n"),
        ({"prompt": "a", "n": "2"}, "n"),
        ({"prompt": "a", "size": "large"}, "size"),
        ({"prompt": "a", "response_format": "url"}, "response_format"),
    ],
)
def test_a_wrong_field_is_named(body: dict[str, Any], field: str) -> None:
    with pytest.raises(RequestError) as caught:
        GENERATIONS.parse(json.dumps(body).encode(), {})
    assert caught.value.field == field


@pytest.mark.parametrize("told", [8, "8"])
def test_seconds_are_a_number_or_its_text(told: Any) -> None:
    assert VIDEOS.parse(json.dumps({"prompt": "a", "seconds": told}).encode(), {}).seconds == 8


@pytest.mark.parametrize("told", ["8.0", "0", "061", "61", 61, True, " 8"])
def test_other_seconds_are_refused(told: Any) -> None:
    with pytest.raises(RequestError) as caught:
        VIDEOS.parse(json.dumps({"prompt": "a", "seconds": told}).encode(), {})
    assert caught.value.field == "seconds"


def test_an_edit_without_a_picture_is_refused() -> None:
    with pytest.raises(RequestError) as caught:
        EDITS.decode_request(EDITS.parse(b'{"prompt": "green"}', {}))
    assert caught.value.field == "image"
