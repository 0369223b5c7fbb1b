"""How much of what is not text a request asks for and an answer holds: images, seconds and characters, and the tokens
that a provider counts them as.

Known before the call from the request alone; after it from the answer, where the provider does not say.
"""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from pointsman.domain.reply import PricedUnit, Reply, TokenClass
from pointsman.domain.request import ChatRequest, MediaPart, Modality, ModelKind

Units = Mapping[PricedUnit, Decimal]

# Tokens of one image of about a megapixel, as OpenAI's and Google's image models were recorded to count them.
IMAGE_TOKENS_BY_QUALITY: Mapping[str, int] = {"low": 272, "medium": 1_056, "high": 4_160}
USUAL_IMAGE_TOKENS = 1_120
# A reader speaks about this fast in most languages; OpenAI and Google count about 25 tokens a second of sound.
CHARACTERS_PER_S = 15
SPEECH_TOKENS_PER_S = 25
# A transcript of one second of speech.
WRITTEN_TOKENS_PER_S = 4
# Where nobody says how long a film shall be; what Veo makes unasked.
USUAL_VIDEO_S = 8
# Sound whose container tells no length is taken to be compressed as podcasts are: 128 kbit/s.
UNTOLD_SOUND_BYTES_PER_S = 16_000
# Of the tokens of an answer, those of another class than `output`.
OUTPUT_CLASS: Mapping[ModelKind, TokenClass] = {"image_generation": "image_output", "speech": "audio_output"}
INPUT_CLASS: Mapping[ModelKind, TokenClass] = {"image_generation": "image_input", "transcription": "audio_input"}


def units_asked(request: ChatRequest) -> Units:
    """What a request of its kind will be charged for if all goes well: every unit, so that none is ever forgotten."""
    return {
        "image_output": Decimal(images_asked(request)),
        "image_input": _count(request.media, "image"),
        "character_input": Decimal(len(spoken_text(request))),
        "second_input": seconds_of_sound(request.media),
        "second_output": Decimal(video_seconds_asked(request)),
    }


def units_realised(asked: Units, reply: Reply) -> Units:
    """What the answer holds; what goes in counts as it was asked. The provider's own counts come first."""
    produced = [media for choice in reply.choices for media in choice.media]
    # A film is charged once its provider has taken the order.
    filmed = asked.get("second_output", Decimal(0)) if reply.job_id else Decimal(0)
    return {**asked, "image_output": _count(produced, "image"), "second_output": filmed, **reply.usage.units}


def media_output_tokens(request: ChatRequest) -> int:
    """Tokens that the answer is expected to be counted as; 0 for a chat, whose length is predicted from its prompt."""
    return _OUTPUT_TOKENS[request.kind](request)


def images_asked(request: ChatRequest) -> int:
    return int(request.parameters.get("n") or 1) if request.kind == "image_generation" else 0


def video_seconds_asked(request: ChatRequest) -> int:
    return int(request.parameters.get("seconds") or USUAL_VIDEO_S) if request.kind == "video_generation" else 0


def spoken_text(request: ChatRequest) -> str:
    return request.last_user_message.text if request.kind == "speech" else ""


def seconds_of_sound(parts: Iterable[MediaPart]) -> Decimal:
    return sum((_seconds(part) for part in parts if part.kind == "audio"), Decimal(0))


def _seconds(part: MediaPart) -> Decimal:
    if part.facts.duration_ms:
        return Decimal(part.facts.duration_ms) / 1000
    return Decimal(-(-part.facts.bytes // UNTOLD_SOUND_BYTES_PER_S))


def _count(parts: Iterable[MediaPart], kind: Modality) -> Decimal:
    return Decimal(sum(part.kind == kind for part in parts))


def _image_tokens(request: ChatRequest) -> int:
    quality = str(request.parameters.get("quality"))
    return images_asked(request) * IMAGE_TOKENS_BY_QUALITY.get(quality, USUAL_IMAGE_TOKENS)


def _speech_tokens(request: ChatRequest) -> int:
    return -(-len(spoken_text(request)) // CHARACTERS_PER_S) * SPEECH_TOKENS_PER_S


def _transcript_tokens(request: ChatRequest) -> int:
    return int(seconds_of_sound(request.media) * WRITTEN_TOKENS_PER_S)


_OUTPUT_TOKENS: Mapping[ModelKind, Callable[[ChatRequest], int]] = {
    "chat": lambda _: 0,
    "image_generation": _image_tokens,
    "speech": _speech_tokens,
    "transcription": _transcript_tokens,
    "video_generation": lambda _: 0,
    "embeddings": lambda _: 0,
}
