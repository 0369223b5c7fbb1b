"""One recorded exchange with a provider, as kept beside the project. Knows no dialect."""

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

FOLDER = Path(__file__).parents[2].parent / "shared" / "data" / "fixtures"
ABSENT = "the recorded traffic (../shared/data/fixtures) is not on this machine"

EVENTS, FRAMES = "text/event-stream", "application/vnd.amazon.eventstream"


class UnknownLayoutError(Exception):
    """The file is no recorded exchange; the text says why."""

    def __init__(self, file: str, why: Exception) -> None:
        super().__init__(f"not a recorded exchange ({type(why).__name__}: {why})")
        self.file = file


@dataclass(frozen=True, slots=True)
class Exchange:
    """`content` is the answer as bytes, `pieces` its JSON: one body, or the data of each event.

    `request_body` is None where the request was not recorded.
    """

    file: str
    provider: str
    endpoint: str
    kind: str
    streamed: bool
    url: str
    request_body: Any
    status: int
    headers: Mapping[str, str]
    content: bytes
    pieces: tuple[Any, ...]

    @property
    def is_error(self) -> bool:
        return self.status >= 400


def read_folder(folder: Path) -> Iterator[Exchange | UnknownLayoutError]:
    """Every exchange of a folder, and for every file that is none the reason."""
    for path in sorted(folder.glob("*/*.json")):
        name = f"{path.parent.name}/{path.name}"
        try:
            yield read_exchange(name, path.read_bytes())
        except UnknownLayoutError as error:
            yield error


def read_exchange(name: str, content: bytes) -> Exchange:
    """Raises UnknownLayoutError."""
    try:
        return _read(name, json.loads(content))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise UnknownLayoutError(name, error) from error


def _read(name: str, case: Any) -> Exchange:
    request: Any = case.get("request") or {}
    response = case["response"]
    content, pieces = _read_answer(case, response)
    return Exchange(
        file=name,
        provider=str(case["provider"]),
        endpoint=str(case["endpoint"]),
        kind=str(case.get("kind", "unknown")),
        streamed="body" not in response or _is_listed_stream(case, response),
        url=str(request.get("url") or ""),
        request_body=request.get("body"),
        status=_status(response),
        headers=_headers(response, listed=_is_listed_stream(case, response)),
        content=content,
        pieces=pieces,
    )


def _status(response: Any) -> int:
    """What was recorded without one was an answer."""
    return int(response.get("status") or 200)


def _headers(response: Any, *, listed: bool) -> Mapping[str, str]:
    headers: Any = response.get("headers") or {}
    told = {str(name).lower(): str(value) for name, value in headers.items()}
    if listed:
        return {"content-type": EVENTS}
    return {"content-type": FRAMES, **told} if "eventstream_b64" in response else told


def _is_listed_stream(case: Any, response: Any) -> bool:
    """Gemini's answer to a stream asked for without `alt=sse` is a list of the same chunks; we always say it."""
    streams = case["endpoint"] == "streamGenerateContent" and _status(response) < 400
    return streams and isinstance(response.get("body"), list)


def _read_answer(case: Any, response: Any) -> tuple[bytes, tuple[Any, ...]]:
    if _is_listed_stream(case, response):
        chunks = cast(list[Any], response["body"])
        return "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks).encode(), tuple(chunks)
    reader = next((_READERS[form] for form in _READERS if form in response), None)
    return reader(response) if reader else (b"", ())


def _read_body(response: Any) -> tuple[bytes, tuple[Any, ...]]:
    return json.dumps(response["body"]).encode(), (response["body"],)


def _read_sse(response: Any) -> tuple[bytes, tuple[Any, ...]]:
    text = str(response["sse"])
    lines = (line.strip() for line in text.splitlines())
    data = [line.removeprefix("data:").strip() for line in lines if line.startswith("data:")]
    return text.encode(), tuple(json.loads(item) for item in data if item and item != "[DONE]")


def _read_event_stream(response: Any) -> tuple[bytes, tuple[Any, ...]]:
    """The frames of an AWS event stream, each as an object with its kind for a name."""
    events = tuple({_name_of(event["headers"]): event["payload"]} for event in response["events"])
    return base64.b64decode(response["eventstream_b64"]), events


def _name_of(headers: Any) -> str:
    return str(headers.get(":event-type") or headers.get(":exception-type"))


def _read_lines(response: Any) -> tuple[bytes, tuple[Any, ...]]:
    told: Any = response["ndjson"]
    text = told if isinstance(told, str) else "\n".join(json.dumps(line) for line in told)
    return text.encode(), tuple(json.loads(line) for line in text.splitlines() if line.strip())


def _read_text(response: Any) -> tuple[bytes, tuple[Any, ...]]:
    return str(response["text"]).encode(), ()


def _read_binary(response: Any) -> tuple[bytes, tuple[Any, ...]]:
    return base64.b64decode(response["binary"]["content_b64"] or ""), ()


_READERS = {
    "eventstream_b64": _read_event_stream,
    "sse": _read_sse,
    "ndjson": _read_lines,
    "body": _read_body,
    "text": _read_text,
    "binary": _read_binary,
}
