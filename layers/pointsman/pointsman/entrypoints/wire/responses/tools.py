"""The tools of a Responses body: functions, which a model may call, and the one for pictures, which is ours to choose.

Nothing here runs a tool while a model answers: the words decide whether the answer is a picture, or `tool_choice` does.
"""

from collections.abc import Iterator
from typing import Final, TypedDict

from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.request import Modality, Tool, ToolChoice
from pointsman.entrypoints.wire.picture_settings import told_settings
from pointsman.entrypoints.wire.responses.body import FunctionTool, ImageChoice, ImageTool, ResponsesBody

NO_PARAMETERS: Final[JsonObject] = {"type": "object", "properties": {}}


class PictureWishes(TypedDict, total=False):
    """Fields of ChatRequest."""

    output_modalities: tuple[Modality, ...]
    may_answer_in_media: bool
    picture_settings: JsonObject


def decode_tools(body: ResponsesBody) -> tuple[Tool, ...]:
    return tuple(
        Tool(
            tool.name,
            tool.description or "",
            NO_PARAMETERS if tool.parameters is None else tool.parameters,
            tool.strict,
        )
        for tool in _functions(body)
    )


def decode_tool_choice(body: ResponsesBody) -> ToolChoice | None:
    """Among the functions. RequestError for what is not among the tools."""
    choice = body.tool_choice
    if choice is None:
        return None
    if isinstance(choice, str):
        if choice == "required" and not body.tools:
            raise RequestError("tool_choice 'required' needs tools.", field="tool_choice")
        return ToolChoice(choice) if _functions(body) or not body.tools else None
    if isinstance(choice, ImageChoice):
        if _image_tool(body) is None:
            raise RequestError("'image_generation' is not among the tools.", field="tool_choice.type")
        return None
    if choice.name not in {tool.name for tool in _functions(body)}:
        raise RequestError(f"'{choice.name}' is not among the tools.", field="tool_choice.name")
    return ToolChoice("named", choice.name)


def decode_picture_wishes(body: ResponsesBody) -> PictureWishes:
    """Whether the answer may be a picture, must be one, or neither."""
    tool, choice = _image_tool(body), body.tool_choice
    if tool is None or choice == "none":
        return {}
    settings = told_settings(tool)
    if isinstance(choice, ImageChoice) or (choice == "required" and not _functions(body)):
        return {"output_modalities": ("image",), "picture_settings": settings}
    return {"may_answer_in_media": True, "picture_settings": settings}


def warn_of_tools(body: ResponsesBody) -> Iterator[str]:
    for place, tool in enumerate(body.tools):
        if isinstance(tool, ImageTool):
            yield from (f"tools[{place}].{name}: not known here, ignored" for name in sorted(tool.model_extra or {}))


def _functions(body: ResponsesBody) -> list[FunctionTool]:
    return [tool for tool in body.tools if isinstance(tool, FunctionTool)]


def _image_tool(body: ResponsesBody) -> ImageTool | None:
    return next((tool for tool in body.tools if isinstance(tool, ImageTool)), None)
