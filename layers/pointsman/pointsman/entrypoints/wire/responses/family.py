"""OpenAI's Responses, without a memory: nothing is stored."""

from typing import Final

from pointsman.entrypoints.wire.chat.problem import encode_problem
from pointsman.entrypoints.wire.family import WireFamily
from pointsman.entrypoints.wire.responses.body import ResponsesBody
from pointsman.entrypoints.wire.responses.events import KEEP_ALIVE, ResponseEncoder, encode_late_problem
from pointsman.entrypoints.wire.responses.reply import encode_response
from pointsman.entrypoints.wire.responses.request import (
    decode_responses_preferences,
    decode_responses_request,
    parse_responses_body,
)

RESPONSES: Final[WireFamily[ResponsesBody]] = WireFamily(
    parse=lambda content, _headers: parse_responses_body(content),
    decode_request=decode_responses_request,
    decode_preferences=decode_responses_preferences,
    encode_reply=encode_response,
    open_stream=ResponseEncoder,
    encode_problem=lambda problem, _id: encode_problem(problem),
    encode_late_problem=encode_late_problem,
    keep_alive=KEEP_ALIVE,
)
