"""One simulated call in no provider's words: what was asked, what is answered, what is refused."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pointsman.domain.json_types import JsonObject

from local.simulated_providers.pace import Pace

Finish = Literal["stop", "stop_sequence", "length", "tool_calls"]
ToolMode = Literal["auto", "none", "required"]


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request as it came in; `target` is what the path says beyond the provider."""

    provider: str
    target: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: JsonObject


@dataclass(frozen=True, slots=True)
class Turn:
    role: str
    text: str
    media: tuple[str, ...] = ()
    tool_results: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToolOffer:
    name: str
    parameters: JsonObject


@dataclass(frozen=True, slots=True)
class Ask:
    model: str
    turns: tuple[Turn, ...]
    tools: tuple[ToolOffer, ...] = ()
    tool_mode: ToolMode = "auto"
    # An empty dict asks for any JSON object.
    schema: JsonObject | None = None
    max_tokens: int | None = None
    stop: tuple[str, ...] = ()
    is_thinking: bool = False
    is_streamed: bool = False
    caches_prompt: bool = True
    choices: int = 1


@dataclass(frozen=True, slots=True)
class ToolUse:
    name: str
    arguments: JsonObject


@dataclass(frozen=True, slots=True)
class Answer:
    """`text` and `thought` are cut into tokens."""

    text: tuple[str, ...] = ()
    thought: tuple[str, ...] = ()
    tool_uses: tuple[ToolUse, ...] = ()
    finish: Finish = "stop"
    stopped_by: str | None = None


@dataclass(frozen=True, slots=True)
class TokenCounts:
    """`cached` and `newly_cached` are part of `prompt`; `thought` is part of `completion`."""

    prompt: int
    cached: int
    newly_cached: int
    completion: int
    thought: int


@dataclass(frozen=True, slots=True)
class Exchange:
    id: str
    created: int
    call: Call
    ask: Ask
    answer: Answer
    counts: TokenCounts
    pace: Pace


@dataclass(frozen=True, slots=True)
class Frame:
    """A piece of a stream and how many tokens it took to write."""

    text: str | bytes
    tokens: int = 0


# Not frozen: raising an exception writes its traceback into it.
@dataclass(slots=True)
class Refusal(Exception):  # noqa: N818 - a provider's refusal is an answer here, not our failure
    status: int
    message: str
    param: str | None = None
    code: str | None = None
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class Dialect:
    """A wire format. `path` is a Starlette route with `provider` and `target`; `read` raises Refusal.

    `stream_type` is the content type of its streams.
    """

    name: str
    path: str
    read_key: Callable[[Mapping[str, str]], str | None]
    bad_key: Refusal
    unknown_model: Callable[[str], Refusal]
    read: Callable[[Call], Ask]
    encode: Callable[[Exchange], JsonObject]
    encode_stream: Callable[[Exchange], Iterator[Frame]]
    encode_refusal: Callable[[Refusal], Mapping[str, Any]]
    encode_stream_refusal: Callable[[Refusal], str | bytes]
    stream_type: str = "text/event-stream"
