"""What the meta-model reads of a conversation: the last thing the user said, in as much context as it needs.

Knows no tokens: lengths are in characters, and what is cut out of the middle is marked.
"""

from collections.abc import Sequence

from pointsman.domain.request import Message

# A user turn shorter than this ("yes, go on") says too little alone; the turns before it are read too.
SHORT_TURN = 48
TURN_HEAD, TURN_TAIL = 1200, 600
EARLIER_HEAD, EARLIER_TAIL = 400, 200
SYSTEM_HEAD, SYSTEM_TAIL = 160, 0
GAP = "\n...\n"


def classifier_text(messages: Sequence[Message]) -> str:
    """Earlier user turns where the last is short, then the last user turn, then the head of the system prompt."""
    turns = _last_user_turns(messages)
    earlier = [_shorten(turn, EARLIER_HEAD, EARLIER_TAIL) for turn in turns[:-1]]
    last = [_shorten(turn, TURN_HEAD, TURN_TAIL) for turn in turns[-1:]]
    system = [_shorten(message.text, SYSTEM_HEAD, SYSTEM_TAIL) for message in messages if _is_instruction(message)]
    return "\n".join(text for text in (*earlier, *last, *system[:1]) if text)


def _last_user_turns(messages: Sequence[Message]) -> list[str]:
    """From the end back until there is enough to read, in order of speaking."""
    turns: list[str] = []
    for message in reversed(messages):
        if sum(map(len, turns)) >= SHORT_TURN:
            break
        if message.role == "user" and message.text.strip():
            turns.insert(0, message.text.strip())
    return turns


def _is_instruction(message: Message) -> bool:
    return message.role in {"system", "developer"}


def _shorten(text: str, head: int, tail: int) -> str:
    """Instructions stand at either end of a long text, so both ends are kept."""
    text = text.strip()
    if len(text) <= head + tail:
        return text
    return text[:head] + (GAP + text[-tail:] if tail else "")
