"""One file per wire format; each exports one `Dialect`."""

from local.simulated_providers.dialects import (
    anthropic_messages,
    bedrock_converse,
    cohere_chat,
    gemini_generate_content,
    openai_chat,
    openai_responses,
)
from local.simulated_providers.exchange import Dialect

DIALECTS: dict[str, Dialect] = {
    dialect.name: dialect
    for dialect in (
        openai_chat.DIALECT,
        openai_responses.DIALECT,
        anthropic_messages.DIALECT,
        gemini_generate_content.DIALECT,
        cohere_chat.DIALECT,
        bedrock_converse.DIALECT,
    )
}
