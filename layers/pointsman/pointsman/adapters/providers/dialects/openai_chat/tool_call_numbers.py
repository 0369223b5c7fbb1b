"""Gives every tool call of a reply its own index, also where the provider's indexes are absent or repeat."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from pointsman.adapters.providers.dialects.dialect import MalformedReplyError
from pointsman.adapters.providers.dialects.json_reading import as_count, as_object, as_objects, as_text
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import ToolCallDelta


@dataclass(slots=True)
class ToolCallNumbers:
    """Remembers which call each index of the wire last stood for: (choice, wire index) -> (id, our index).

    `reply_id` makes ids for calls that come without one, as from Gemini behind this dialect.
    """

    reply_id: str = ""
    _current: dict[tuple[int, int], tuple[str, int]] = field(default_factory=dict[tuple[int, int], tuple[str, int]])
    _counts: dict[int, int] = field(default_factory=dict[int, int])

    def decode(self, message: JsonObject, choice: int) -> Iterator[ToolCallDelta]:
        for position, call in enumerate(as_objects(message.get("tool_calls"), "tool_calls")):
            if call.get("type") not in (None, "function"):
                raise MalformedReplyError(f"unknown tool call type {call['type']!r}")
            function = as_object(call.get("function"), "function")
            number, new_id = self._place(call, choice, position)
            yield ToolCallDelta(
                index=number,
                id=new_id,
                name=as_text(function.get("name"), "name") or None,
                arguments=as_text(function.get("arguments"), "arguments"),
                choice=choice,
            )

    def _place(self, call: JsonObject, choice: int, position: int) -> tuple[int, str | None]:
        """Our index of the call, and its id where this is its first piece."""
        wire_index = position if call.get("index") is None else as_count(call["index"], "index")
        call_id = as_text(call.get("id"), "id")
        known_id, number = self._current.get((choice, wire_index), (None, 0))
        if known_id is not None and call_id in ("", known_id):
            return number, None
        number = self._counts.get(choice, 0)
        self._counts[choice] = number + 1
        self._current[choice, wire_index] = (call_id, number)
        return number, call_id or f"call_{self.reply_id}_{number}"
