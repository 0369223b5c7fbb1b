"""A chat as the request of another kind: one user's turn with what to draw, speak, write down or film."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from pointsman.domain.media_phrases import SPEECH
from pointsman.domain.request import ChatRequest, MediaPart, Message, ModelKind, Part, TextPart

# "Read this aloud: Good morning" says what to speak after its colon or on the lines below.
_INSTRUCTION_END = re.compile(r"[:：]\s*|\n+")
_SECONDS = re.compile(
    r"(\d+|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen)[\s-]*"
    r"(?:s\b|secs?\b|seconds?\b|sekunden?\b|segundos?\b|secondes?\b|secondi\b|секунд\w*|秒|초|सेकंड|ثوان)"
)
# What a chat says under `audio`.
SPEECH_SETTINGS = {"voice": "voice", "response_format": "format"}
_NUMBER_WORDS = {
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
    "fifteen": 15,
}


def as_request_of_kind(request: ChatRequest, kind: ModelKind) -> ChatRequest:
    """The same request where it is of that kind already."""
    return request if request.kind == kind else _REWRITES[kind](request)


def text_to_speak(request: ChatRequest) -> str:
    """What follows the instruction; where nothing does, what the assistant said before it."""
    said = request.last_user_message.text.strip()
    end = _INSTRUCTION_END.search(said)
    if end is not None and SPEECH.search(said[: end.start()].lower()):
        rest = said[end.end() :].strip()
        if rest:
            return rest.strip('"“”«»「」')
    earlier = (message.text for message in reversed(request.messages) if message.role == "assistant" and message.text)
    return next(earlier, said)


def seconds_in(text: str) -> int | None:
    """The length that a text names, such as `five-second`."""
    found = _SECONDS.search(text.lower())
    if found is None:
        return None
    return _NUMBER_WORDS.get(found[1]) or int(found[1])


def _as_image(request: ChatRequest) -> ChatRequest:
    message = request.last_user_message
    kept: tuple[Part, ...] = (TextPart(message.text), *_of_kind(message, "image"))
    # `n` choices of an answer are as many pictures.
    told = {name: request.parameters[name] for name in ("n", "user", "seed") if name in request.parameters}
    return _rewritten(request, "image_generation", kept, {**told, **(request.picture_settings or {})})


def _as_speech(request: ChatRequest) -> ChatRequest:
    wished: Mapping[str, Any] = request.parameters.get("audio") or {}
    told = {name: wished[key] for name, key in SPEECH_SETTINGS.items() if key in wished}
    return _rewritten(request, "speech", (TextPart(text_to_speak(request)),), told)


def _as_transcription(request: ChatRequest) -> ChatRequest:
    return _rewritten(request, "transcription", _of_kind(request.last_user_message, "audio"), {})


def _as_video(request: ChatRequest) -> ChatRequest:
    message = request.last_user_message
    seconds = seconds_in(message.text)
    kept: tuple[Part, ...] = (TextPart(message.text), *_of_kind(message, "image"))
    return _rewritten(request, "video_generation", kept, {"seconds": seconds} if seconds else {})


def _of_kind(message: Message, kind: str) -> tuple[MediaPart, ...]:
    return tuple(part for part in message.media if part.kind == kind)


def _rewritten(
    request: ChatRequest, kind: ModelKind, parts: tuple[Part, ...], parameters: Mapping[str, object]
) -> ChatRequest:
    return ChatRequest((Message("user", parts),), parameters=parameters, stream=request.stream, kind=kind)


_REWRITES: Mapping[ModelKind, Callable[[ChatRequest], ChatRequest]] = {
    "chat": lambda request: replace(request, kind="chat"),
    "image_generation": _as_image,
    "speech": _as_speech,
    "transcription": _as_transcription,
    "video_generation": _as_video,
    "embeddings": lambda request: replace(request, kind="embeddings"),
}
