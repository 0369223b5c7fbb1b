"""OpenAI's media endpoints, and those of Groq, Mistral and xAI where they differ by little."""

import base64
import hashlib
import json
import struct
from typing import Any

from starlette.responses import JSONResponse, Response

from local.simulated_providers import tokens
from local.simulated_providers.media import files
from local.simulated_providers.media.call import MediaCall, MediaRoute, refuse

IMAGE_TOKENS = {"low": 272, "medium": 1_056, "high": 4_160}
# Only what can be made without an encoder.
SOUNDS = {"mp3": (files.mp3, "audio/mpeg"), "wav": (files.wav, "audio/wav"), "pcm": (files.samples, "audio/pcm")}
SPOKEN = "This is a simulated transcript, no AI model was called."
DIMENSIONS = 8
USUAL_BYTES_PER_S = 48_000


def make_images(call: MediaCall) -> Response:
    if not call.body.get("prompt"):
        return refuse(400, "Missing required parameter: 'prompt'.", param="prompt")
    width, height = _size(str(call.body.get("size", "1024x1024")))
    pictures = [files.png(f"{call.seed()} {n}", width=width, height=height) for n in range(int(call.body.get("n", 1)))]
    data = [{"b64_json": base64.b64encode(picture).decode()} for picture in pictures]
    if call.provider == "xai":
        priced = {"cost_in_usd_ticks": 600_000_000 * len(pictures)}
        return JSONResponse({"data": [{**item, "mime_type": "image/png"} for item in data], "usage": priced})
    return JSONResponse({"created": 1_795_000_000, "output_format": "png", "data": data, "usage": _image_usage(call)})


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    return (int(width), int(height)) if height else (1_024, 1_024)


def _image_usage(call: MediaCall) -> dict[str, Any]:
    text, image = tokens.count(str(call.body["prompt"])), 64 * len(call.body.get("images", ()))
    made = IMAGE_TOKENS.get(str(call.body.get("quality")), 1_056) * int(call.body.get("n", 1))
    return {
        "input_tokens": text + image,
        "input_tokens_details": {"text_tokens": text, "image_tokens": image},
        "output_tokens": made,
        "output_tokens_details": {"image_tokens": made, "text_tokens": 0},
        "total_tokens": text + image + made,
    }


def speak(call: MediaCall) -> Response:
    text, form = str(call.body.get("input", "")), str(call.body.get("response_format", "mp3"))
    if form not in SOUNDS:
        return refuse(400, f"Sound in the form {form} is not simulated.", param="response_format")
    make, mime_type = SOUNDS[form]
    sound = make(text)
    if call.provider == "mistral":
        return JSONResponse({"audio_data": base64.b64encode(sound).decode()})
    if call.body.get("stream_format") != "sse":
        return Response(sound, media_type=mime_type)
    return Response(_speech_events(text, sound), media_type="text/event-stream")


def _speech_events(text: str, sound: bytes) -> str:
    half = len(sound) // 2
    spoken, given = -(-len(text) // 15) * 21, tokens.count(text)
    usage = {"input_tokens": given, "output_tokens": spoken, "total_tokens": given + spoken}
    events = [
        *({"type": "speech.audio.delta", "audio": base64.b64encode(p).decode()} for p in (sound[:half], sound[half:])),
        {"type": "speech.audio.done", "usage": usage},
    ]
    return "".join(f"data: {json.dumps(event)}\n\n" for event in events)


def transcribe(call: MediaCall) -> Response:
    if "file" not in call.files:
        return refuse(400, "Missing required parameter: 'file'.", param="file")
    seconds = max(1, round(call.files["file"] / USUAL_BYTES_PER_S))
    if call.body.get("stream") == "true":
        return Response(_transcript_events(seconds), media_type="text/event-stream")
    words = [{"word": word, "start": n * 0.3, "end": n * 0.3 + 0.25} for n, word in enumerate(SPOKEN.split())]
    segments = [{"id": 0, "start": 0.0, "end": words[-1]["end"], "text": SPOKEN}]
    detail = {"language": "english", "duration": float(seconds), "segments": segments, "words": words}
    is_verbose = call.body.get("response_format") == "verbose_json"
    usage: dict[str, Any] = {"type": "duration", "seconds": seconds}
    if call.provider == "mistral":
        usage = {"prompt_audio_seconds": seconds, "prompt_tokens": 5, "completion_tokens": 12, "total_tokens": 117}
    return JSONResponse({"text": SPOKEN, **(detail if is_verbose else {}), "usage": usage})


def _transcript_events(seconds: int) -> str:
    pieces = [{"type": "transcript.text.delta", "delta": piece} for piece in tokens.cut(SPOKEN)]
    done = {"type": "transcript.text.done", "text": SPOKEN, "usage": {"type": "duration", "seconds": seconds}}
    return "".join(f"data: {json.dumps(event)}\n\n" for event in (*pieces, done)) + "data: [DONE]\n\n"


def transcribe_at_xai(call: MediaCall) -> Response:
    words = [{"text": word, "start": n * 0.3, "end": n * 0.3 + 0.25} for n, word in enumerate(SPOKEN.split())]
    duration = max(1.0, call.files.get("file", 0) / USUAL_BYTES_PER_S)
    return JSONResponse({"text": SPOKEN, "language": "en", "duration": duration, "words": words})


def embed(call: MediaCall) -> Response:
    told: Any = call.body.get("input")
    texts: list[str] = [told] if isinstance(told, str) else list(told or ())
    size = int(call.body.get("dimensions") or DIMENSIONS)
    data = [{"object": "embedding", "index": n, "embedding": vector(t, size)} for n, t in enumerate(texts)]
    counted = sum(tokens.count(text) for text in texts)
    usage = {"prompt_tokens": counted, "total_tokens": counted}
    return JSONResponse({"object": "list", "data": data, "model": call.model, "usage": usage})


def vector(text: str, size: int) -> list[float]:
    """Of length one, and the same for the same text."""
    digest = hashlib.shake_256(text.encode()).digest(4 * size)
    numbers = [value / 2**31 for value in struct.unpack(f"<{size}i", digest)]
    length = sum(number * number for number in numbers) ** 0.5 or 1.0
    return [round(number / length, 6) for number in numbers]


ROUTES = (
    MediaRoute("POST", "images/generations", make_images),
    MediaRoute("POST", "images/edits", make_images),
    MediaRoute("POST", "audio/speech", speak),
    MediaRoute("POST", "audio/transcriptions", transcribe),
    MediaRoute("POST", "stt", transcribe_at_xai),
    MediaRoute("POST", "embeddings", embed),
)
