"""Anthropic's Messages, in both versions of its API."""

from typing import Final

from pointsman.entrypoints.wire.family import WireFamily
from pointsman.entrypoints.wire.messages.body import MessagesBody
from pointsman.entrypoints.wire.messages.events import PING, MessageEncoder, encode_late_problem
from pointsman.entrypoints.wire.messages.problem import encode_problem
from pointsman.entrypoints.wire.messages.reply import encode_message
from pointsman.entrypoints.wire.messages.request import decode_messages_preferences, decode_messages_request
from pointsman.entrypoints.wire.messages.versions import parse_messages_body

MESSAGES: Final[WireFamily[MessagesBody]] = WireFamily(
    parse=parse_messages_body,
    decode_request=decode_messages_request,
    decode_preferences=decode_messages_preferences,
    encode_reply=encode_message,
    open_stream=lambda _body, telling: MessageEncoder(telling),
    encode_problem=encode_problem,
    encode_late_problem=encode_late_problem,
    keep_alive=PING,
)
