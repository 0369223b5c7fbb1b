"""Amazon Bedrock's Converse API."""

from pointsman.adapters.providers.dialects.bedrock_converse.decode import decode
from pointsman.adapters.providers.dialects.bedrock_converse.decode_error import decode_error
from pointsman.adapters.providers.dialects.bedrock_converse.decode_finish import FINISH_REASONS
from pointsman.adapters.providers.dialects.bedrock_converse.decode_stream import decode_stream
from pointsman.adapters.providers.dialects.bedrock_converse.encode import PATH, encode

__all__ = ["FINISH_REASONS", "PATH", "decode", "decode_error", "decode_stream", "encode"]
