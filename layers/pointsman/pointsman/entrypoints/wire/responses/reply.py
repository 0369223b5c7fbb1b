"""An answer as OpenAI's response object, finished or on its way."""

from collections.abc import Iterator
from typing import Any, Literal

from pointsman.domain.errors import ProviderFailure
from pointsman.domain.json_types import JsonObject
from pointsman.domain.ledger import AuditRecord, Served
from pointsman.domain.reply import Choice, FinishReason, Reply
from pointsman.entrypoints.problems import Problem, failure_problem
from pointsman.entrypoints.wire.responses.body import FunctionTool, ImageTool, ResponsesBody
from pointsman.entrypoints.wire.responses.items import (
    Status,
    encode_call_item,
    encode_logprobs,
    encode_media_item,
    encode_message_item,
    encode_reasoning_item,
    encode_refusal,
    encode_text,
    item_id,
)
from pointsman.entrypoints.wire.telling import Telling

Ending = Literal["completed", "incomplete", "failed"]
INCOMPLETE: dict[FinishReason, str] = {"length": "max_output_tokens", "content_filter": "content_filter"}


def encode_response(body: ResponsesBody, telling: Telling, reply: Reply, record: AuditRecord) -> JsonObject:
    choice = reply.choices[0]
    items = [] if telling.hides_reasoning else list(_encode_thoughts(choice, telling.subject.id))
    items += _encode_rest(choice, telling.subject.id, first=len(items))
    return {**response_head(body, telling), "output": items, **encode_end(choice, record), **telling.extras(record)}


def response_head(body: ResponsesBody, telling: Telling) -> JsonObject:
    """All that is known once an answer begins, with what was asked for told again."""
    text = body.text.model_dump(by_alias=True, exclude_none=True) if body.text else {}
    reasoning = body.reasoning
    return {
        "id": telling.subject.id,
        "object": "response",
        "created_at": int(telling.subject.created_at.timestamp()),
        "model": telling.model,
        "provider": telling.provider,
        "status": "in_progress",
        "background": False,
        "error": None,
        "incomplete_details": None,
        "instructions": body.instructions,
        "max_output_tokens": body.max_output_tokens,
        "metadata": body.metadata or {},
        "output": [],
        "parallel_tool_calls": body.parallel_tool_calls is not False,
        "previous_response_id": None,
        "reasoning": {"effort": reasoning.effort, "summary": reasoning.summary} if reasoning else None,
        "store": False,
        "temperature": body.temperature,
        "text": {"format": {"type": "text"}, **text},
        "tool_choice": _encode_tool_choice(body),
        "tools": [_encode_tool(tool) for tool in body.tools],
        "top_p": body.top_p,
        "truncation": "disabled",
    }


def encode_end(choice: Choice, record: AuditRecord) -> dict[str, Any]:
    """How it ended and what it used."""
    status, why = ending_of(choice.finish_reason), INCOMPLETE.get(choice.finish_reason)
    gave_up = f"The provider gave up: {choice.native_finish_reason or 'without a reason'}."
    error = {"code": "server_error", "message": gave_up} if status == "failed" else None
    return {
        "status": status,
        "error": error,
        "incomplete_details": {"reason": why} if why else None,
        **_encode_bill(record),
    }


def encode_break(failure: ProviderFailure, record: AuditRecord) -> dict[str, Any]:
    problem = failure_problem(failure)
    error = {"code": error_code(problem), "message": problem.message}
    return {"status": "failed", "error": error, **_encode_bill(record)}


def _encode_bill(record: AuditRecord) -> dict[str, Any]:
    return {"usage": encode_usage(record.served)} if record.served else {}


def ending_of(reason: FinishReason) -> Ending:
    return "failed" if reason == "error" else "incomplete" if reason in INCOMPLETE else "completed"


def error_code(problem: Problem) -> str:
    """One of the few that OpenAI has for a response."""
    if problem.status == 429:
        return "rate_limit_exceeded"
    return "server_error" if problem.status >= 500 else "invalid_prompt"


def encode_usage(served: Served) -> dict[str, Any]:
    usage, tokens = served.usage, served.usage.tokens
    return {
        "input_tokens": usage.prompt_tokens,
        "input_tokens_details": {
            "cached_tokens": tokens.get("cache_read", 0),
            "cache_write_tokens": tokens.get("cache_write", 0),
        },
        "output_tokens": usage.completion_tokens,
        "output_tokens_details": {"reasoning_tokens": tokens.get("reasoning", 0)},
        "total_tokens": usage.prompt_tokens + usage.completion_tokens,
        "cost": float(served.cost.total_usd),
    }


def _encode_thoughts(choice: Choice, response_id: str) -> Iterator[JsonObject]:
    if choice.reasoning or choice.reasoning_details:
        identity = item_id("reasoning", response_id, 0)
        yield encode_reasoning_item(identity, choice.reasoning, choice.reasoning_details)


def _encode_rest(choice: Choice, response_id: str, *, first: int) -> list[JsonObject]:
    content, items = list(_encode_content(choice)), list[JsonObject]()
    if content:
        status: Status = "completed" if ending_of(choice.finish_reason) == "completed" else "incomplete"
        items.append(encode_message_item(item_id("message", response_id, first), content, status))
    for media in choice.media:
        identity = item_id("image_generation_call", response_id, first + len(items))
        items.append(encode_media_item(identity, media))
    for call in choice.tool_calls:
        identity = item_id("function_call", response_id, first + len(items))
        arguments = call.arguments or "{}"
        items.append(encode_call_item(identity, call_id=call.id, name=call.name, arguments=arguments))
    return items


def _encode_content(choice: Choice) -> Iterator[JsonObject]:
    logprobs = [entry for piece in choice.logprobs for entry in encode_logprobs(piece)]
    if choice.text or choice.annotations or logprobs:
        yield encode_text(choice.text, choice.annotations, logprobs)
    if choice.refusal:
        yield encode_refusal(choice.refusal)


def _encode_tool(tool: FunctionTool | ImageTool) -> JsonObject:
    if isinstance(tool, ImageTool):
        return tool.model_dump(exclude_none=True)
    known = {"name": tool.name, "description": tool.description, "parameters": tool.parameters, "strict": tool.strict}
    return {"type": "function", **known}


def _encode_tool_choice(body: ResponsesBody) -> Any:
    choice = body.tool_choice
    return "auto" if choice is None else choice if isinstance(choice, str) else choice.model_dump()
