"""The official OpenAI SDK on every endpoint for media, against the whole of Pointsman over loopback."""

import json
import subprocess
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from local import ministack
from local.stack import ROOT
from tests.system.test_run import Run

SDK_PYTHON = ROOT / ".venvs" / "client-openai" / "bin" / "python"
SCRIPT = Path(__file__).with_name("clients") / "openai_media.py"
SPOKEN = "This is a simulated transcript, no AI model was called."

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(not SDK_PYTHON.exists(), reason="the SDK's environment is not installed: make setup"),
    pytest.mark.skipif(not ministack.PYTHON.exists(), reason=f"the emulator is not installed: {ministack.SETUP}"),
]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Generator[Any]:
    run = Run(tmp_path_factory.mktemp("media"))
    try:
        run.start()
        command = [str(SDK_PYTHON), str(SCRIPT), f"http://127.0.0.1:{run.port}/v1"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        yield json.loads(done.stdout)
    finally:
        run.close()


def test_texts_become_vectors(told: Any) -> None:
    assert (told["embeddings"]["vectors"], told["embeddings"]["dimensions"]) == (2, 16)
    assert told["embeddings"]["tokens"] > 0


def test_pictures_are_made_and_edited(told: Any) -> None:
    image = told["image"]
    assert (image["count"], image["is_png"], image["size"], image["kind"]) == (2, True, "1024x1536", "image_generation")
    assert float(image["cost_usd"]) > 0
    assert told["image_streamed"] == ["image_generation.completed"]
    assert told["edit"] == {"count": 1, "objective": "cost"}


def test_text_is_spoken(told: Any) -> None:
    assert told["speech"] | {"model": ""} == {"type": "audio/wav", "model": "", "costs": True, "sounds": True}
    assert told["speech_streamed"] == {"types": ["speech.audio.delta", "speech.audio.done"], "usage": True}


def test_speech_is_written_down(told: Any) -> None:
    transcript = told["transcription"]
    assert transcript["text"] == transcript["as_text"] == told["transcription_streamed"]["text"] == SPOKEN
    assert transcript["words"] == len(SPOKEN.split())
    assert transcript["kind"] == "transcription"
    assert transcript["seconds"] > 0
    assert told["transcription_streamed"]["types"] == ["transcript.text.delta", "transcript.text.done"]
    assert told["subtitles"][0] == "1"
    assert " --> " in told["subtitles"][1]


def test_a_film_is_ordered_polled_and_fetched(told: Any) -> None:
    video = told["video"]
    assert (video["begun"], video["done"], video["progress"], video["seconds"]) == ("queued", "completed", 100, "8")
    assert video["is_film"]
    assert video["costs"] > 0


def test_a_chat_is_answered_by_what_it_asks_for(told: Any) -> None:
    chat = told["chat"]
    assert chat["images"] == told["chat_streamed"] == ["data:image/png;base64,"]
    assert "words ask for image_generation" in chat["why"]
    assert chat["kept_in_text"] == {"kind": "chat", "why": "modalities leaves no room for media"}
    assert (chat["hello"], chat["poem"]) == ("chat", "chat")
    assert told["chat_speech"]["kind"] == "speech"
    assert told["chat_speech"]["bytes"] > 1_000
    assert told["chat_speech"]["content"] is None
    assert told["chat_transcription"] == {"kind": "transcription", "text": SPOKEN}
    assert told["chat_video"] == {"kind": "video_generation", "status": "video", "seconds": "5", "says_where": True}


def test_what_cannot_be_taken_is_named(told: Any) -> None:
    assert told["errors"] == {
        "prompt": [400, "prompt"],
        "tokens": [400, "input[0]"],
        "picture": [400, "image[0]"],
        "video": [404, None],
        "kind": [404, "modalities"],
    }
