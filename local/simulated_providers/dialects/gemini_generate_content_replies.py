"""Writes an answer as Gemini's GenerateContentResponse, whole or as CRLF events that just end."""

import base64
import json
from collections.abc import Iterator
from typing import Any

from pointsman.domain.json_types import JsonObject

from local.simulated_providers.answering import question_of
from local.simulated_providers.dialects.field_reading import child
from local.simulated_providers.exchange import Exchange, Finish, Frame
from local.simulated_providers.media.files import png, samples

# Gemini has no word of its own for a call of a tool.
_FINISH: dict[Finish, str] = {
    "stop": "STOP",
    "stop_sequence": "STOP",
    "length": "MAX_TOKENS",
    "tool_calls": "STOP",
}
_SIGNATURE = "c2ltdWxhdGVkIHNpZ25hdHVyZQ=="
_TOKENS_PER_CHUNK = 8
_MIME_TYPES = {"IMAGE": "image/png", "AUDIO": "audio/L16;codec=pcm;rate=24000"}
_MEDIA_TOKENS = 1_120


def encode(exchange: Exchange) -> JsonObject:
    media = _media(exchange)
    if media is not None:
        return _media_response(exchange, media)
    parts = [part for part, _ in _parts(exchange, tokens_per_part=None)]
    finish = _FINISH[exchange.answer.finish]
    candidates = [_candidate(parts, index, finishReason=finish) for index in range(exchange.ask.choices)]
    return _response(exchange, candidates, written=exchange.counts.completion)


def _media(exchange: Exchange) -> tuple[str, bytes] | None:
    """The picture or the sound that was asked for, with its modality."""
    wanted = child(exchange.call.body, "generationConfig").get("responseModalities") or ()
    text = question_of(exchange.ask)
    if "IMAGE" in wanted:
        return "IMAGE", png(text, width=1_024, height=1_024)
    return ("AUDIO", samples(text)) if "AUDIO" in wanted else None


def _media_response(exchange: Exchange, media: tuple[str, bytes]) -> JsonObject:
    modality, content = media
    inline = {"mimeType": _MIME_TYPES[modality], "data": base64.b64encode(content).decode()}
    body = _response(exchange, [_candidate([{"inlineData": inline}], 0, finishReason="STOP")], written=0)
    prompt, made = exchange.counts.prompt, _MEDIA_TOKENS
    usage = {
        "promptTokenCount": prompt,
        "candidatesTokenCount": made,
        "totalTokenCount": prompt + made,
        "candidatesTokensDetails": [{"modality": modality, "tokenCount": made}],
    }
    return {**body, "usageMetadata": usage}


def encode_stream(exchange: Exchange) -> Iterator[Frame]:
    written = 0
    for part, tokens in _parts(exchange, tokens_per_part=_TOKENS_PER_CHUNK):
        written += tokens
        candidates = [_candidate([part], index) for index in range(exchange.ask.choices)]
        yield event(_response(exchange, candidates, written=written), tokens=tokens)
    last = [
        _candidate([{"text": ""}], index, finishReason=_FINISH[exchange.answer.finish])
        for index in range(exchange.ask.choices)
    ]
    yield event(_response(exchange, last, written=exchange.counts.completion))


def event(body: JsonObject, *, tokens: int = 0) -> Frame:
    return Frame(f"data: {json.dumps(body, separators=(',', ':'), ensure_ascii=False)}\r\n\r\n", tokens)


def _parts(exchange: Exchange, *, tokens_per_part: int | None) -> Iterator[tuple[JsonObject, int]]:
    """Parts with the tokens each took; hidden thoughts take tokens and make no part."""
    answer = exchange.answer
    config = child(exchange.call.body, "generationConfig", "thinkingConfig")
    if config.get("includeThoughts"):
        for piece, tokens in _join(answer.thought, tokens_per_part):
            yield {"text": piece, "thought": True}, tokens
    for piece, tokens in _join(answer.text, tokens_per_part):
        yield {"text": piece}, tokens
    for use in answer.tool_uses:
        call = {"functionCall": {"name": use.name, "args": use.arguments}}
        yield call | ({"thoughtSignature": _SIGNATURE} if answer.thought else {}), _TOKENS_PER_CHUNK


def _join(tokens: tuple[str, ...], size: int | None) -> Iterator[tuple[str, int]]:
    step = size or max(len(tokens), 1)
    for start in range(0, len(tokens), step):
        piece = tokens[start : start + step]
        yield "".join(piece), len(piece)


def _candidate(parts: list[JsonObject], index: int, **rest: str) -> JsonObject:
    return {"content": {"parts": parts, "role": "model"}, **rest, "index": index}


def _response(exchange: Exchange, candidates: list[JsonObject], *, written: int) -> JsonObject:
    usage = _usage(exchange, written)
    return {
        "candidates": candidates,
        "usageMetadata": usage,
        "modelVersion": exchange.ask.model,
        "responseId": exchange.id,
    }


def _usage(exchange: Exchange, written: int) -> JsonObject:
    """Tokens so far; unlike elsewhere the candidates' tokens leave out the thoughts'."""
    counts = exchange.counts
    visible = min(max(written, 0), counts.completion - counts.thought) * exchange.ask.choices
    usage: dict[str, Any] = {
        "promptTokenCount": counts.prompt,
        "candidatesTokenCount": visible,
        "totalTokenCount": counts.prompt + visible + counts.thought,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": counts.prompt}],
    }
    thoughts = {"thoughtsTokenCount": counts.thought} if counts.thought else {}
    cached = {"cachedContentTokenCount": counts.cached} if counts.cached else {}
    return usage | thoughts | cached
