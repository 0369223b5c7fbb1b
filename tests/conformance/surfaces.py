"""Which dialect has to read which recorded exchange: one row per provider and endpoint. What has no row says why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from pointsman.domain.request import ModelKind

from tests.conformance.exchanges import Exchange
from tests.conformance.plain import (
    anthropic_messages,
    bedrock_converse,
    cohere_v2,
    gemini_generate_content,
    media,
    openai_chat,
    openai_responses,
)
from tests.conformance.plain.said import Said, obj
from tests.conformance.replaying import CATALOG

ANY = "*"
# Providers that speak OpenAI's dialect and have no row of their own in the catalog.
DEFAULT_ROW = "openai"


@dataclass(frozen=True, slots=True)
class Surface:
    """`kind` is what was asked for; `row` names the catalog row whose dialect reads, None the provider's own;
    `mode` is one of its modes; `read` is the second opinion.

    A new dialect adds its (provider, endpoint) here, with the plain reading of its answers.
    """

    read: Callable[[Exchange], Said]
    row: str | None = None
    mode: str | None = None
    kind: ModelKind = "chat"


SURFACES: Mapping[tuple[str, str], Surface] = {
    (ANY, "chat.completions"): Surface(openai_chat.read),
    (ANY, "responses"): Surface(openai_responses.read, mode="responses"),
    (ANY, "messages"): Surface(anthropic_messages.read, "anthropic"),
    (ANY, "converse"): Surface(bedrock_converse.read, "bedrock"),
    (ANY, "converse-stream"): Surface(bedrock_converse.read, "bedrock"),
    (ANY, "v2.chat"): Surface(cohere_v2.read, "cohere"),
    (ANY, "generateContent"): Surface(gemini_generate_content.read, "google"),
    (ANY, "streamGenerateContent"): Surface(gemini_generate_content.read, "google"),
    ("vertex", "generateContent"): Surface(gemini_generate_content.read),
    ("vertex", "streamGenerateContent"): Surface(gemini_generate_content.read),
    (ANY, "images.generations"): Surface(media.read_images, kind="image_generation"),
    (ANY, "images.edits"): Surface(media.read_images, kind="image_generation"),
    (ANY, "audio.speech"): Surface(media.read_speech, kind="speech"),
    (ANY, "audio.transcriptions"): Surface(media.read_transcript, kind="transcription"),
    ("xai", "stt"): Surface(media.read_transcript, kind="transcription"),
    (ANY, "embeddings"): Surface(media.read_vectors, kind="embeddings"),
    ("gemini", "embeddings"): Surface(media.read_vectors, "google", kind="embeddings"),
    ("vertex", "embeddings"): Surface(media.read_vectors, "google", kind="embeddings"),
    (ANY, "videos"): Surface(media.read_order, kind="video_generation"),
    ("gemini", "videos"): Surface(media.read_order, "google", kind="video_generation"),
    ("gemini", "predictLongRunning"): Surface(media.read_order, "google", kind="video_generation"),
    ("gemini", "operations"): Surface(media.read_order, "google", kind="video_generation"),
}
# By (provider, endpoint), with wildcards, from the top.
WITHOUT_A_DIALECT: tuple[tuple[str, str, str], ...] = (
    (ANY, "models", "a provider's list of models: here the registry says what there is, as dated data"),
    (ANY, "count*tokens", "counts a prompt's tokens and answers nothing: Pointsman estimates them without a call"),
    (ANY, "countTokens", "counts a prompt's tokens and answers nothing: Pointsman estimates them without a call"),
    (ANY, "moderations", "judges a text and answers nothing: Pointsman has no endpoint for it"),
    (ANY, "rerank", "sorts documents and answers nothing: Pointsman has no endpoint for it"),
    (ANY, "completions", "the old completions of bare text: Pointsman calls the same models by chat completions"),
    ("cohere", "v1.chat", "Cohere's old chat: Pointsman calls the same models by version 2"),
    ("bedrock", "invoke*", "each model family's own form at Bedrock: Pointsman calls the same models by Converse"),
    ("ollama", "ollama.*", "Ollama's own form: Pointsman calls the same models by chat completions"),
    ("gemini", "interactions", "Google's agent sessions: Pointsman calls the same models by generateContent"),
    ("ollama", "embeddings", "Ollama's own form: Pointsman calls the same models by OpenAI's embeddings"),
    (ANY, "predict", "Vertex's older form of call: Pointsman speaks generateContent there"),
    (ANY, "audio.translations", "translates sound into English text: Pointsman transcribes, and has no such endpoint"),
)


def surface_of(exchange: Exchange) -> Surface | None:
    if exchange.endpoint == "chat.completions" and any(
        obj(piece).get("type") == "message" for piece in exchange.pieces
    ):
        # Recorded at Anthropic and filed under OpenAI's endpoint.
        return SURFACES[ANY, "messages"]
    if (exchange.provider, exchange.endpoint) == ("ollama", "embeddings"):
        return None
    surface = SURFACES.get((exchange.provider, exchange.endpoint)) or SURFACES.get((ANY, exchange.endpoint))
    return surface if surface and _has_dialect(exchange, surface) else None


def _has_dialect(exchange: Exchange, surface: Surface) -> bool:
    """Media have a dialect where the provider's row names one; chats have one for every endpoint."""
    named = CATALOG[row_of(exchange, surface)].dialects
    return surface.kind == "chat" or (surface.kind in named and not is_stranger(exchange))


def is_stranger(exchange: Exchange) -> bool:
    """No row says how this provider is called; its answers are read all the same."""
    return exchange.provider not in CATALOG and (exchange.provider, exchange.endpoint) not in SURFACES


def row_of(exchange: Exchange, surface: Surface) -> str:
    return surface.row or (exchange.provider if exchange.provider in CATALOG else DEFAULT_ROW)


def why_no_surface(exchange: Exchange) -> str:
    known = (
        reason
        for provider, endpoint, reason in WITHOUT_A_DIALECT
        if fnmatchcase(exchange.provider, provider) and fnmatchcase(exchange.endpoint, endpoint)
    )
    return next(known, f"no dialect for {exchange.endpoint} of {exchange.provider}")
