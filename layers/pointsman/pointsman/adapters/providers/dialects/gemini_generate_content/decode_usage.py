"""Google's usage in classes that do not overlap: its candidates exclude thoughts, its prompt includes the cache."""

from collections.abc import Iterator

from pointsman.adapters.providers.dialects.gemini_generate_content.enums import MODALITIES, name_of
from pointsman.adapters.providers.dialects.json_reading import as_count, as_object, as_objects
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import TokenClass, Usage, UsageReported


def decode_usage(body: JsonObject) -> Iterator[UsageReported]:
    usage = as_object(body.get("usageMetadata"), "usageMetadata")
    # Vertex's first chunks tell only of the kind of traffic.
    if usage.get("totalTokenCount") is not None:
        yield UsageReported(Usage({**_classify_prompt(usage), **_classify_answer(usage)}))


def _classify_prompt(usage: JsonObject) -> dict[TokenClass, int]:
    cached = _count(usage, "cachedContentTokenCount")
    fresh = _count(usage, "promptTokenCount") + _count(usage, "toolUsePromptTokenCount") - cached
    # Where it does not say what of the cache was media, no more can be media than was fresh.
    image = min(_fresh_of(usage, "IMAGE"), fresh)
    audio = min(_fresh_of(usage, "AUDIO"), fresh - image)
    return {"input": fresh - image - audio, "cache_read": cached, "image_input": image, "audio_input": audio}


def _fresh_of(usage: JsonObject, modality: str) -> int:
    # Pages of documents count as documents in the prompt, but as images in the cache.
    cached = _of_modality(usage, "cacheTokensDetails", modality)
    return max(_of_modality(usage, "promptTokensDetails", modality) - cached, 0)


def _classify_answer(usage: JsonObject) -> dict[TokenClass, int]:
    written = _count(usage, "candidatesTokenCount")
    image = min(_of_modality(usage, "candidatesTokensDetails", "IMAGE"), written)
    audio = min(_of_modality(usage, "candidatesTokensDetails", "AUDIO"), written - image)
    return {
        "output": written - image - audio,
        "reasoning": _count(usage, "thoughtsTokenCount"),
        "image_output": image,
        "audio_output": audio,
    }


def _of_modality(usage: JsonObject, name: str, modality: str) -> int:
    shares = as_objects(usage.get(name), name)
    return sum(
        _count(share, "tokenCount")
        for share in shares
        if name_of(share.get("modality"), MODALITIES, "modality") == modality
    )


def _count(usage: JsonObject, name: str) -> int:
    return as_count(usage.get(name), name)
