"""OpenAI's Responses API, for models that have no other or take tools only there."""

from pointsman.adapters.providers.dialects.openai_chat.decode_error import decode_error
from pointsman.adapters.providers.dialects.openai_responses.decode import decode
from pointsman.adapters.providers.dialects.openai_responses.decode_finish import INCOMPLETE_REASONS
from pointsman.adapters.providers.dialects.openai_responses.decode_stream import decode_stream
from pointsman.adapters.providers.dialects.openai_responses.encode import PATH, encode

__all__ = ["INCOMPLETE_REASONS", "PATH", "decode", "decode_error", "decode_stream", "encode"]
