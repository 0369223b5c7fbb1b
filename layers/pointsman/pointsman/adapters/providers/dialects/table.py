"""Which dialects there are, by the names that catalog rows use."""

from collections.abc import Mapping

from pointsman.adapters.providers.dialects import (
    anthropic_messages,
    cohere_chat,
    gemini_generate_content,
    openai_chat,
)
from pointsman.adapters.providers.dialects.dialect import Dialect
from pointsman.adapters.providers.spec import DialectName

DIALECTS: Mapping[DialectName, Dialect] = {
    "anthropic_messages": anthropic_messages,
    "cohere_chat": cohere_chat,
    "gemini_generate_content": gemini_generate_content,
    "openai_chat": openai_chat,
}
