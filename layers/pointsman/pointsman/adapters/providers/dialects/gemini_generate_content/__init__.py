"""Google's generateContent, of the Gemini API and of Vertex AI."""

from pointsman.adapters.providers.dialects.gemini_generate_content.decode import decode, decode_stream
from pointsman.adapters.providers.dialects.gemini_generate_content.decode_error import decode_error
from pointsman.adapters.providers.dialects.gemini_generate_content.decode_finish import FINISH_REASONS
from pointsman.adapters.providers.dialects.gemini_generate_content.encode import PATH, encode

__all__ = ["FINISH_REASONS", "PATH", "decode", "decode_error", "decode_stream", "encode"]
