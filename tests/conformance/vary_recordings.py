"""Writes recordings as other providers' days would have had them: what says the same otherwise, or the same and more.

python -m tests.conformance.vary_recordings --fixtures <folder> --out <folder> [--share 4]
One in so many recordings, another lot for each way to vary, which is told by the file's name.
"""

import argparse
import json
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from tests.conformance.exchanges import FOLDER

Vary = Callable[[Any], Any]
NOVELTY = {"deep": [1, None, {"a": "b"}]}
USAGES = ("usage", "usageMetadata", "x_groq")
# What a model wrote for a tool is no word of its provider's.
ARGUMENTS = ("input", "args", "arguments")
IDS = ("id", "call_id", "tool_call_id", "toolUseId", "item_id", "responseId", "request_id")
# Reasons to end that are seldom recorded, by the field that tells them and a word that stands there for another.
REASONS: Mapping[str, tuple[str, ...]] = {
    "finish_reason": ("length", "content_filter", "eos", "model_length", "error", "MAX_TOKENS", "STOP_SEQUENCE"),
    "stop_reason": ("max_tokens", "refusal", "stop_sequence", "pause_turn", "model_context_window_exceeded"),
    "finishReason": ("MAX_TOKENS", "SAFETY", "RECITATION", "MALFORMED_FUNCTION_CALL", "OTHER", "UNEXPECTED_TOOL_CALL"),
    "stopReason": ("max_tokens", "guardrail_intervened", "content_filtered", "model_context_window_exceeded"),
}


def everywhere(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Vary:
    """The change made to every object in a JSON value, from the inside out."""

    def vary(value: Any) -> Any:
        if isinstance(value, dict):
            told = cast(dict[str, Any], value)
            return change({name: inner if name in ARGUMENTS else vary(inner) for name, inner in told.items()})
        return [vary(item) for item in cast(list[Any], value)] if isinstance(value, list) else value

    return vary


def with_novelties(told: dict[str, Any]) -> dict[str, Any]:
    return {**told, "novelty": NOVELTY}


def backwards(told: dict[str, Any]) -> dict[str, Any]:
    return dict(reversed(told.items()))


def without_usage(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name not in USAGES}


def with_other_ids(told: dict[str, Any]) -> dict[str, Any]:
    others = {name: f"{told[name]}-2" for name in IDS if isinstance(told.get(name), str) and told[name]}
    return {**told, **others}


def ending_otherwise(seed: int) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def change(told: dict[str, Any]) -> dict[str, Any]:
        named = {name: words[seed % len(words)] for name, words in REASONS.items() if isinstance(told.get(name), str)}
        return {**told, **named}

    return change


def in_answer(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Vary:
    """The change in every object of an answer, whole or streamed. Frames of AWS stay as they are, for their sums."""
    vary = everywhere(change)

    def of_case(case: Any) -> Any:
        response = case["response"]
        if isinstance(response.get("body"), dict | list):
            return _with(case, body=vary(response["body"]))
        if "sse" in response:
            return _with(case, sse="".join(_vary_lines(response["sse"], vary)))
        return None

    return of_case


def _vary_lines(text: str, vary: Vary) -> Iterator[str]:
    for line in text.splitlines(keepends=True):
        head, colon, data = line.partition("data:")
        if head or not colon or not data.strip().startswith("{"):
            yield line
            continue
        end = line[len(line.rstrip("\r\n")) :]
        yield f"data: {json.dumps(vary(json.loads(data)))}{end}"


def in_stream(change: Callable[[str], str]) -> Vary:
    return lambda case: _with(case, sse=change(case["response"]["sse"])) if "sse" in case["response"] else None


def with_other_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n") if "\r\n" in text else text.replace("\n", "\r\n")


def with_comments(text: str) -> str:
    end = "\r\n" if "\r\n" in text else "\n"
    aside = f": keep-alive{end}{end}retry: 3000{end}id: 7{end}"
    return aside + text.replace(f"{end}{end}", f"{end}{end}{aside}")


def tightly(text: str) -> str:
    """Without the blank behind the colon, which is no part of the value."""
    return re.sub(r"^(data|event): ", r"\1:", text, flags=re.MULTILINE)


def with_idle_chunks(case: Any) -> Any:
    """Chunks of chat completions that say nothing, between those that do."""
    response = case["response"]
    if case["endpoint"] != "chat.completions" or "sse" not in response:
        return None
    idle = 'data: {"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{}}]}\n\n'
    bare = 'data: {"id":"c","object":"chat.completion.chunk","choices":[]}\n\n'
    first, gap, rest = response["sse"].replace("\r\n", "\n").partition("\n\n")
    return _with(case, sse=f"{bare}{first}{gap}{idle}{bare}{idle}{rest}")


def with_two_choices(case: Any) -> Any:
    body = case["response"].get("body")
    if not isinstance(body, dict) or not cast(dict[str, Any], body).get("choices"):
        return None
    told = cast(dict[str, Any], body)
    return _with(case, body={**told, "choices": [*told["choices"], {**told["choices"][0], "index": 1}]})


def without_status(case: Any) -> Any:
    is_answer = (case["response"].get("status") or 200) < 400
    return _with(case, status=None, headers=None) if is_answer else None


def without_request(case: Any) -> Any:
    return {name: value for name, value in case.items() if name not in ("request", "kind")}


def _with(case: Any, **told: Any) -> Any:
    return {**case, "response": {**case["response"], **told}}


WAYS: Mapping[str, Callable[[int], Vary]] = {
    "novelties": lambda _: in_answer(with_novelties),
    "backwards": lambda _: in_answer(backwards),
    "no-usage": lambda _: in_answer(without_usage),
    "other-ids": lambda _: in_answer(with_other_ids),
    "other-endings": lambda seed: in_answer(ending_otherwise(seed)),
    "line-ends": lambda _: in_stream(with_other_line_ends),
    "comments": lambda _: in_stream(with_comments),
    "tight": lambda _: in_stream(tightly),
    "idle-chunks": lambda _: with_idle_chunks,
    "two-choices": lambda _: with_two_choices,
    "unknown-kind": lambda _: lambda case: {**case, "kind": "novelty"},
    "unknown-provider": lambda _: lambda case: {**case, "provider": "novelty"},
    "no-status": lambda _: without_status,
    "no-request": lambda _: without_request,
}


def vary_folder(folder: Path, out: Path, *, share: int) -> int:
    written = 0
    for path in sorted(folder.glob("*/*.json")):
        case = json.loads(path.read_bytes())
        for way, make in WAYS.items():
            seed = zlib.crc32(f"{way} {path.name}".encode())
            varied = make(seed // share)(case) if seed % share == 0 else None
            if varied is not None:
                target = out / path.parent.name / f"{path.stem}--{way}.json"
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(json.dumps(varied), encoding="utf-8")
                written += 1
    return written


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fixtures", type=Path, default=FOLDER)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--share", type=int, default=4)
    arguments = parser.parse_args()
    print(f"{vary_folder(arguments.fixtures, arguments.out, share=arguments.share)} recordings varied")


if __name__ == "__main__":
    main()
