"""OpenAI's chat completions with OpenRouter's additions."""

from typing import Final

from pointsman.entrypoints.wire.chat.body import ChatBody
from pointsman.entrypoints.wire.chat.chunks import KEEP_ALIVE, ChunkEncoder, encode_late_problem
from pointsman.entrypoints.wire.chat.problem import encode_problem
from pointsman.entrypoints.wire.chat.reply import encode_completion
from pointsman.entrypoints.wire.chat.request import decode_chat_preferences, decode_chat_request, parse_chat_body
from pointsman.entrypoints.wire.family import WireFamily

CHAT: Final[WireFamily[ChatBody]] = WireFamily(
    parse=lambda content, _headers: parse_chat_body(content),
    decode_request=decode_chat_request,
    decode_preferences=decode_chat_preferences,
    encode_reply=encode_completion,
    open_stream=lambda _body, telling: ChunkEncoder(telling),
    encode_problem=lambda problem, _id: encode_problem(problem),
    encode_late_problem=encode_late_problem,
    keep_alive=KEEP_ALIVE,
)
