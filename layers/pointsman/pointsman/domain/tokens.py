"""Estimates of how many tokens text and media take, before any provider has counted them."""

from collections.abc import Iterable

from pointsman.domain.request import ChatRequest, MediaFacts, MediaPart, TextPart

# Bytes of UTF-8 per token: English prose takes about 4; the BPE vocabularies of 2026 spend 3 to 4 on others too.
BYTES_PER_TOKEN = 4
# A message's role and delimiters, as OpenAI's cookbook counts them.
TOKENS_PER_MESSAGE = 4
# Anthropic's rule for images; OpenAI's tiles come to the same order of size.
PIXELS_PER_TOKEN = 750
LARGEST_IMAGE_TOKENS = 1_600
# Gemini's published rates: 32 tokens a second of audio, 263 of video, 258 a page.
AUDIO_TOKENS_PER_S = 32
VIDEO_TOKENS_PER_S = 263
TOKENS_PER_PAGE = 258
# Media whose size nobody knows, such as those behind a URL.
TOKENS_OF_UNKNOWN_MEDIA = 1_000


def estimate_text_tokens(text: str) -> int:
    """Tokens of `text`, rounded up; 0 for the empty string."""
    size = len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
    return -(-size // BYTES_PER_TOKEN)


def estimate_media_tokens(part: MediaPart) -> int:
    estimate = _estimate_from_facts(part)
    return estimate or TOKENS_OF_UNKNOWN_MEDIA


def _estimate_from_facts(part: MediaPart) -> int:
    facts: MediaFacts = part.facts
    if part.kind == "image":
        return min(facts.width_px * facts.height_px // PIXELS_PER_TOKEN, LARGEST_IMAGE_TOKENS)
    if part.kind == "file":
        return facts.pages * TOKENS_PER_PAGE
    rate = VIDEO_TOKENS_PER_S if part.kind == "video" else AUDIO_TOKENS_PER_S
    return facts.duration_ms * rate // 1000


def estimate_prompt_tokens(request: ChatRequest) -> int:
    """Text, tool definitions and framing of the whole conversation; media apart."""
    return sum(estimate_text_tokens(text) for text in _texts(request)) + TOKENS_PER_MESSAGE * len(request.messages)


def _texts(request: ChatRequest) -> Iterable[str]:
    for message in request.messages:
        yield from (part.text for part in message.parts if isinstance(part, TextPart))
        yield from (call.name + call.arguments for call in message.tool_calls)
    yield from (tool.name + tool.description + str(tool.parameters) for tool in request.tools)
