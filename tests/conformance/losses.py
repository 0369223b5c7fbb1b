"""What dialects cannot say, as functions on a request. Each function's docstring is the declaration."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pointsman.adapters.providers.dialects.gemini_generate_content.encode_contents import UNSIGNED
from pointsman.adapters.providers.dialects.reasoning_wish import BUDGETS
from pointsman.domain.reasoning_details import text_of_details
from pointsman.domain.request import ChatRequest, MediaPart, Message, Part, Reasoning, TextPart, Tool, ToolChoice

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


def strict_for_all_tools_or_none(request: ChatRequest) -> ChatRequest:
    """Calls are held to their schema for all tools or for none."""
    strict = any(tool.strict for tool in request.tools) or None
    return replace(request, tools=tuple(replace(tool, strict=strict) for tool in request.tools))


def tools_are_strict_or_not(request: ChatRequest) -> ChatRequest:
    """What is not said to be strict is said not to be, for silence means strict here."""
    return replace(request, tools=tuple(replace(tool, strict=bool(tool.strict)) for tool in request.tools))


def named_tool_is_the_only_one(request: ChatRequest) -> ChatRequest:
    """No tool can be named: some call is demanded, and the named tool is the only one offered."""
    choice = request.tool_choice
    if choice is None or choice.mode != "named":
        return request
    offered = tuple(tool for tool in request.tools if tool.name == choice.name)
    return replace(request, tools=offered, tool_choice=ToolChoice("required"))


def free_choice_is_said_by_silence(request: ChatRequest) -> ChatRequest:
    """There is no word for a free choice of tools."""
    is_free = request.tool_choice == ToolChoice("auto")
    return replace(request, tool_choice=None) if is_free else request


def forbidden_tools_are_not_told(request: ChatRequest) -> ChatRequest:
    """There is no word for calling no tool: none is declared."""
    is_forbidden = request.tool_choice == ToolChoice("none")
    return replace(request, tools=(), tool_choice=None, parallel_tool_calls=None) if is_forbidden else request


def used_tools_are_told(request: ChatRequest) -> ChatRequest:
    """Where no tools are offered, those that the conversation has used are declared, for it is refused without."""
    used = dict.fromkeys(call.name for message in request.messages for call in message.tool_calls)
    return request if request.tools else replace(request, tools=tuple(map(Tool, used)))


def efforts_are_budgets(request: ChatRequest) -> ChatRequest:
    """How much to think is told in tokens alone."""
    wish = request.reasoning
    told = wish and Reasoning(max_tokens=BUDGETS[wish.effort or ""])
    return replace(request, reasoning=told)


def schemas_are_always_kept(request: ChatRequest) -> ChatRequest:
    """An answer is always held to its schema."""
    wanted = request.response_format
    return replace(request, response_format=wanted and replace(wanted, strict=None))


def details_are_told(request: ChatRequest) -> ChatRequest:
    """How closely to look at an image is always said, be it that the provider may choose."""
    detail = {"detail": "auto"}
    return _parts(request, lambda p: replace(p, **detail) if isinstance(p, MediaPart) and p.kind == "image" else p)


def signed_thoughts_alone(request: ChatRequest) -> ChatRequest:
    """What nobody signed would be refused, or means nothing."""

    def keep(message: Message) -> Message:
        signed = (d for d in message.reasoning_details if d["format"] == "unknown" and "signature" in d)
        return replace(message, reasoning_details=tuple(signed))

    return _messages(request, keep)


def unsigned_thoughts(request: ChatRequest) -> ChatRequest:
    """There is no place for a signature."""

    def unsign(message: Message) -> Message:
        told = ({name: value for name, value in d.items() if name != "signature"} for d in message.reasoning_details)
        return replace(message, reasoning_details=tuple(told))

    return _messages(request, unsign)


def documents_have_names_of_their_own(request: ChatRequest) -> ChatRequest:
    """A document needs a name that no other has: its own, without its ending and with its place behind it."""

    def name(part: Part, place: str) -> Part:
        if not isinstance(part, MediaPart) or part.kind != "file":
            return part
        return replace(part, filename=f"{(part.filename or '').partition('.')[0]} {place}")

    messages = enumerate(request.messages)
    named = [
        replace(message, parts=tuple(name(part, f"{m}-{p}") for p, part in enumerate(message.parts)))
        for m, message in messages
    ]
    return replace(request, messages=tuple(named))


def documents_are_told_of(request: ChatRequest) -> ChatRequest:
    """Documents without a text beside them are refused: their names are the text."""

    def tell(message: Message) -> Message:
        names = [part.filename or "" for part in message.media if part.kind == "file"]
        return (
            replace(message, parts=(*message.parts, TextPart(", ".join(names))))
            if names and not message.text
            else message
        )

    return _messages(request, tell)
