"""What Gemini tells beside its answer: the pages it drew on, and how sure it was of its tokens."""

from collections.abc import Iterator

from pointsman.adapters.providers.dialects.json_reading import as_object, as_objects
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import AnnotationAdded, LogprobsDelta


def decode_citations(candidate: JsonObject, choice: int) -> Iterator[AnnotationAdded]:
    grounding = as_object(candidate.get("groundingMetadata"), "groundingMetadata")
    for chunk in as_objects(grounding.get("groundingChunks"), "groundingChunks"):
        page = as_object(chunk.get("web"), "web")
        if page.get("uri"):
            told = {"url": page["uri"], "title": page.get("title", "")}
            yield AnnotationAdded({"type": "url_citation", "url_citation": told}, choice)


def decode_logprobs(candidate: JsonObject, choice: int) -> Iterator[LogprobsDelta]:
    result = as_object(candidate.get("logprobsResult"), "logprobsResult")
    chosen = as_objects(result.get("chosenCandidates"), "chosenCandidates")
    ranked = as_objects(result.get("topCandidates"), "topCandidates")
    if not chosen:
        return
    content = [
        {**_as_openai(token), "top_logprobs": _rank(ranked[place]) if place < len(ranked) else []}
        for place, token in enumerate(chosen)
    ]
    yield LogprobsDelta({"content": content, "refusal": None}, choice)


def _rank(place: JsonObject) -> list[JsonObject]:
    return [_as_openai(token) for token in as_objects(place.get("candidates"), "candidates")]


def _as_openai(token: JsonObject) -> JsonObject:
    return {"token": token.get("token"), "logprob": token.get("logProbability"), "bytes": None}
