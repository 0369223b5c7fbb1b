"""What each dialect cannot say, as functions on a request: whatever else changes on the way there and back is a loss.

Each function's docstring is the declaration.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pointsman.adapters.providers.dialects.gemini_generate_content.encode_contents import UNSIGNED
from pointsman.domain.reasoning_details import text_of_details
from pointsman.domain.request import ChatRequest, MediaPart, Message, ToolChoice

Loss = Callable[[ChatRequest], ChatRequest]


def _messages(request: ChatRequest, change: Callable[[Message], Message]) -> ChatRequest:
    return replace(request, messages=tuple(change(message) for message in request.messages))


def _parts(request: ChatRequest, change: Callable[[Any], Any]) -> ChatRequest:
    return _messages(request, lambda message: replace(message, parts=tuple(change(part) for part in message.parts)))


def one_role_for_instructions(request: ChatRequest) -> ChatRequest:
    """There is one role of instructions: the developer's words are the system's."""
    return _messages(request, lambda m: replace(m, role="system") if m.role == "developer" else m)


def failed_results_say_so_themselves(request: ChatRequest) -> ChatRequest:
    """There is no mark for a tool that failed: its text tells."""
    return _messages(request, lambda message: replace(message, is_error=False))


def no_cache_hints(request: ChatRequest) -> ChatRequest:
    """The provider caches by itself: a hint changes the bill, never the answer."""
    return _parts(request, lambda p: replace(p, cache_control=None))


def no_kind_of_linked_media(request: ChatRequest) -> ChatRequest:
    """The provider finds out by itself what a URL leads to."""
    linked = {"mime_type": "*/*"}
    return _parts(request, lambda p: replace(p, **linked) if isinstance(p, MediaPart) and p.url else p)


def linked_media_are_files(request: ChatRequest) -> ChatRequest:
    """The provider finds out by itself what a URL leads to, be it an image or a document."""
    linked: dict[str, Any] = {"kind": "file", "mime_type": "*/*"}
    return _parts(request, lambda p: replace(p, **linked) if isinstance(p, MediaPart) and p.url else p)


def stand_in_signatures(request: ChatRequest) -> ChatRequest:
    """Calls that nobody signed get Google's own stand-in, for Gemini 3 refuses them without."""

    def sign(message: Message) -> Message:
        if not message.tool_calls or message.reasoning_details:
            return message
        place = {"id": message.tool_calls[0].id, "format": "google-gemini-v1", "index": 1}
        return replace(message, reasoning_details=({"type": "reasoning.encrypted", "data": UNSIGNED, **place},))

    return _messages(request, sign)


def no_file_names(request: ChatRequest) -> ChatRequest:
    """A file has no name."""
    return _parts(request, lambda p: replace(p, filename=None) if isinstance(p, MediaPart) else p)


def no_thoughts_but_of(*forms: str) -> Loss:
    def keep(message: Message) -> Message:
        kept = tuple(detail for detail in message.reasoning_details if detail["format"] in forms)
        return replace(message, reasoning_details=kept)

    def loss(request: ChatRequest) -> ChatRequest:
        """Thoughts of other models mean nothing to this one."""
        return _messages(request, keep)

    return loss


def thoughts_as_text(request: ChatRequest) -> ChatRequest:
    """Thoughts go back as plain text."""

    def plain(message: Message) -> Message:
        text = text_of_details(message.reasoning_details)
        told = ({"type": "reasoning.text", "text": text, "format": "unknown", "index": 0},) if text else ()
        return replace(message, reasoning_details=told)

    return _messages(request, plain)


def bare_schemas(request: ChatRequest) -> ChatRequest:
    """A schema has no name, no description, and is always kept."""
    wanted = request.response_format
    bare = wanted and replace(wanted, name="response", description=None, strict=None)
    return replace(request, response_format=bare)


def no_strict_tools(request: ChatRequest) -> ChatRequest:
    """Calls are always held to their schema as best the provider can."""
    return replace(request, tools=tuple(replace(tool, strict=None) for tool in request.tools))


def parallel_by_nature(request: ChatRequest) -> ChatRequest:
    """Parallel calls are what happens where nothing is said."""
    return replace(request, parallel_tool_calls=None if request.parallel_tool_calls else request.parallel_tool_calls)


def one_call_at_a_time_needs_a_choice(request: ChatRequest) -> ChatRequest:
    """To forbid parallel calls some choice has to be named; where no call may be made nothing is to be forbidden."""
    choice = request.tool_choice
    if choice is not None and choice.mode == "none":
        return replace(request, parallel_tool_calls=None)
    named = request.parallel_tool_calls is False and choice is None
    return replace(request, tool_choice=ToolChoice("auto")) if named else request


def streams_by_another_path(request: ChatRequest) -> ChatRequest:
    """Whether to stream stands in the path."""
    return replace(request, stream=False)


def all_it_can_write(request: ChatRequest) -> ChatRequest:
    """A limit is demanded: without a wish it is all that the model can write."""
    return replace(request, max_output_tokens=request.max_output_tokens or 8_192)


def one_answer_is_no_wish(request: ChatRequest) -> ChatRequest:
    """One answer is what there is."""
    return replace(request, parameters={k: v for k, v in request.parameters.items() if (k, v) != ("n", 1)})


CHAT: Sequence[Loss] = (failed_results_say_so_themselves,)
LOSSES: Mapping[str, Sequence[Loss]] = {
    "openai": (*CHAT, no_cache_hints, no_thoughts_but_of()),
    "openrouter": CHAT,
    "mistral": (*CHAT, no_cache_hints, one_role_for_instructions, thoughts_as_text),
    "deepseek": (*CHAT, no_cache_hints, one_role_for_instructions, thoughts_as_text),
    "anthropic": (
        one_role_for_instructions,
        no_thoughts_but_of("anthropic-claude-v1"),
        no_kind_of_linked_media,
        bare_schemas,
        parallel_by_nature,
        one_call_at_a_time_needs_a_choice,
        all_it_can_write,
        one_answer_is_no_wish,
    ),
    "google": (
        one_role_for_instructions,
        no_cache_hints,
        linked_media_are_files,
        no_file_names,
        no_thoughts_but_of("google-gemini-v1"),
        stand_in_signatures,
        bare_schemas,
        no_strict_tools,
        parallel_by_nature,
        streams_by_another_path,
    ),
}
