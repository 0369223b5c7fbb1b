"""Traffic that others recorded with real providers, kept beside the project. Knows no dialect."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2].parent / "shared" / "data" / "fixtures"
ABSENT = "the recorded traffic (../shared/data/fixtures) is not on this machine"
ROW_OF_ENDPOINT = {"messages": "anthropic", "generateContent": "google", "streamGenerateContent": "google"}
# Providers that speak OpenAI's dialect and have no row of their own.
ROW_OF_PROVIDER = {"azure": "openai", "alibaba": "openai", "bedrock_mantle": "openai", "gemini": "openai"}


@dataclass(frozen=True, slots=True)
class Recording:
    """One answer. `row` is the catalog row whose dialect has to read it."""

    name: str
    provider: str
    row: str
    streamed: bool
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def bodies(self) -> list[Any]:
        """The JSON of the answer: one body, or the data of each event."""
        text = self.content.decode()
        if not self.streamed:
            return [json.loads(text)]
        lines = (line.strip() for line in text.splitlines())
        data = [line.removeprefix("data:").strip() for line in lines if line.startswith("data:")]
        return [json.loads(item) for item in data if item != "[DONE]"]


def recordings() -> Iterator[Recording]:
    """All answers of the three dialects; none where the folder is absent."""
    for path in sorted(FOLDER.glob("*/*.json")):
        case = json.loads(path.read_text(encoding="utf-8"))
        if case["endpoint"] in ROW_OF_ENDPOINT or case["endpoint"] == "chat.completions":
            yield _read(f"{path.parent.name}/{path.stem}", case)


def _read(name: str, case: Any) -> Recording:
    response, provider = case["response"], str(case["provider"])
    # Gemini's answer to a stream asked for without `alt=sse` is a list of the same chunks; Pointsman always says it.
    listed = isinstance(response.get("body"), list)
    return Recording(
        name=name,
        provider=provider,
        row=ROW_OF_ENDPOINT.get(case["endpoint"]) or ROW_OF_PROVIDER.get(provider, provider),
        streamed=listed or "sse" in response,
        status=response["status"],
        headers={"content-type": "text/event-stream"} if listed else response["headers"],
        content=_content_of(response).encode(),
    )


def _content_of(response: Any) -> str:
    if "sse" in response:
        return response["sse"]
    if isinstance(response["body"], list):
        return "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in response["body"])
    return json.dumps(response["body"])
