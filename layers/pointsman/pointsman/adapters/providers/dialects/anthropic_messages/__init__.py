"""Anthropic's Messages API."""

from pointsman.adapters.providers.dialects.anthropic_messages.decode import decode
from pointsman.adapters.providers.dialects.anthropic_messages.decode_error import decode_error
from pointsman.adapters.providers.dialects.anthropic_messages.decode_finish import FINISH_REASONS
from pointsman.adapters.providers.dialects.anthropic_messages.decode_stream import decode_stream
from pointsman.adapters.providers.dialects.anthropic_messages.encode import PATH, encode

__all__ = ["FINISH_REASONS", "PATH", "decode", "decode_error", "decode_stream", "encode"]
