"""OpenAI's chat completions, which most providers speak with small differences that their catalog rows hold."""

from pointsman.adapters.providers.dialects.openai_chat.decode import FINISH_REASONS, decode
from pointsman.adapters.providers.dialects.openai_chat.decode_error import decode_error
from pointsman.adapters.providers.dialects.openai_chat.decode_stream import decode_stream
from pointsman.adapters.providers.dialects.openai_chat.encode import PATH, encode

__all__ = ["FINISH_REASONS", "PATH", "decode", "decode_error", "decode_stream", "encode"]
