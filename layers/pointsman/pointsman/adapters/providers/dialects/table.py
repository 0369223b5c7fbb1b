"""Which dialects there are, by the names that catalog rows use."""

from collections.abc import Callable, Mapping

from pointsman.adapters.providers.dialects import (
    anthropic_messages,
    bedrock_converse,
    bfl_images,
    cohere_chat,
    cohere_embed,
    gemini_embeddings,
    gemini_generate_content,
    openai_chat,
    openai_embeddings,
    openai_images,
    openai_responses,
    openai_speech,
    openai_transcriptions,
    perplexity_embeddings,
    veo,
    xai_images,
    xai_speech_to_text,
    xai_videos,
)
from pointsman.adapters.providers.dialects.dialect import Dialect, FollowUp, JobDialect
from pointsman.adapters.providers.spec import DialectName
from pointsman.domain.json_types import JsonObject

NextStep = Callable[[JsonObject], FollowUp | None]

DIALECTS: Mapping[DialectName, Dialect] = {
    "anthropic_messages": anthropic_messages,
    "bedrock_converse": bedrock_converse,
    "bfl_images": bfl_images,
    "cohere_chat": cohere_chat,
    "cohere_embed": cohere_embed,
    "gemini_embeddings": gemini_embeddings,
    "gemini_generate_content": gemini_generate_content,
    "openai_chat": openai_chat,
    "openai_embeddings": openai_embeddings,
    "openai_images": openai_images,
    "openai_responses": openai_responses,
    "openai_speech": openai_speech,
    "openai_transcriptions": openai_transcriptions,
    "perplexity_embeddings": perplexity_embeddings,
    "veo": veo,
    "xai_images": xai_images,
    "xai_speech_to_text": xai_speech_to_text,
    "xai_videos": xai_videos,
}
# Of dialects whose reply comes only after more requests.
FOLLOW_UPS: Mapping[DialectName, NextStep] = {"bfl_images": bfl_images.next_step}
# Of dialects that take an order and deliver later.
JOB_DIALECTS: Mapping[DialectName, JobDialect] = {"veo": veo, "xai_videos": xai_videos}
