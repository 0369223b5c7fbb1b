"""Cohere's chat API, version 2."""

from pointsman.adapters.providers.dialects.cohere_chat.decode import decode
from pointsman.adapters.providers.dialects.cohere_chat.decode_error import decode_error
from pointsman.adapters.providers.dialects.cohere_chat.decode_finish import FINISH_REASONS
from pointsman.adapters.providers.dialects.cohere_chat.decode_stream import decode_stream
from pointsman.adapters.providers.dialects.cohere_chat.encode import PATH, encode

__all__ = ["FINISH_REASONS", "PATH", "decode", "decode_error", "decode_stream", "encode"]
