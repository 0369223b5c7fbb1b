"""Turns a request into the features a decision is made from. The last place that sees the prompt's text."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from pointsman.application.ports import MetaModel
from pointsman.application.stopwatch import lap
from pointsman.domain.classifier_text import classifier_text
from pointsman.domain.features import Reading, RequestFeatures
from pointsman.domain.media_request import as_request_of_kind
from pointsman.domain.media_task import KindChoice, TaskProbabilities, choose_kind
from pointsman.domain.media_use import media_output_tokens, units_asked
from pointsman.domain.request import ChatRequest, Modality, ModelKind
from pointsman.domain.task import Attachment, weigh_tasks
from pointsman.domain.tokens import estimate_media_tokens, estimate_prompt_tokens

# Leaving one of these out would change the shape of the answer, so a model that lacks it cannot serve. With the value
# given here it asks for nothing.
SHAPING_PARAMETERS: Final[Mapping[str, Any]] = {
    "n": 1,
    "logprobs": False,
    "top_logprobs": 0,
    "size": "auto",
    "background": "auto",
    "output_format": "png",
    "seconds": None,
    "dimensions": None,
    "speed": 1,
    "timestamp_granularities": None,
}
# A transcript in one of these forms needs a model that says when each sentence was spoken.
TIMED_FORMATS: Final = frozenset({"verbose_json", "srt", "vtt"})
OUTPUT_OF_KIND: Final[Mapping[ModelKind, frozenset[Modality]]] = {
    "image_generation": frozenset({"image"}),
    "speech": frozenset({"audio"}),
    "transcription": frozenset({"text"}),
    "video_generation": frozenset({"video"}),
    "embeddings": frozenset({"embedding"}),
}


def read_features(
    request: ChatRequest, meta_model: MetaModel, *, fixed_kind: KindChoice | None = None
) -> RequestFeatures:
    """`fixed_kind` is what a chat shall be answered by where that is not for the prompt to tell."""
    text = classifier_text(request.messages)
    with lap("model"):
        reading = meta_model.read(text)
    reading = replace(reading, task_milli=weigh_tasks(reading.task_milli, meta_model.labels, _attachments(request)))
    choice = fixed_kind or _choose_kind(request, reading, meta_model)
    asked = as_request_of_kind(request, choice.kind)
    media_tokens = sum(estimate_media_tokens(part) for part in asked.media)
    return RequestFeatures(
        reading=reading,
        task_labels=meta_model.labels,
        meta_model_sha256=meta_model.sha256,
        prompt_tokens=estimate_prompt_tokens(asked) + media_tokens,
        media_tokens=media_tokens,
        input_modalities=_inputs(asked),
        output_modalities=OUTPUT_OF_KIND.get(choice.kind, frozenset(request.output_modalities)),
        required_features=frozenset(_required_features(asked)),
        required_parameters=frozenset(SHAPING_PARAMETERS.keys() & _asked_for(asked)),
        requested_parameters=frozenset({*_requested_parameters(request), *_asked_for(asked)}),
        max_output_tokens=request.max_output_tokens,
        degraded=meta_model.is_degraded,
        kind=choice.kind,
        kind_reason=choice.reason,
        is_kind_guessed=choice.is_guessed,
        media_output_tokens=media_output_tokens(asked),
        units_milli={unit: int(count * 1000) for unit, count in units_asked(asked).items() if count},
    )


def _choose_kind(request: ChatRequest, reading: Reading, meta_model: MetaModel) -> KindChoice:
    if request.kind != "chat":
        return KindChoice(request.kind, "what the endpoint is for")
    probabilities = TaskProbabilities(meta_model.labels, reading.task_milli, meta_model.media_thresholds_milli)
    return choose_kind(request, probabilities)


def _inputs(request: ChatRequest) -> frozenset[Modality]:
    """Sound alone has no text; what is said to a chat always has."""
    attached: set[Modality] = {part.kind for part in request.media}
    words: set[Modality] = set[Modality]() if request.kind == "transcription" else {"text"}
    return frozenset(attached | words)


def _attachments(request: ChatRequest) -> frozenset[Attachment]:
    tools: frozenset[Attachment] = frozenset({"tools"}) if request.tools else frozenset()
    return _inputs(request) | tools


def _required_features(request: ChatRequest) -> Iterator[str]:
    if request.tools:
        yield "tools"
    if request.tool_choice and request.tool_choice.mode in {"required", "named"}:
        yield "forced_tool_choice"
    if request.response_format and request.response_format.kind != "text":
        yield request.response_format.kind
    written_as = request.parameters.get("response_format")
    if request.kind == "speech" and written_as:
        yield str(written_as)
    if request.kind == "transcription" and written_as in TIMED_FORMATS:
        yield "segments"


def _asked_for(request: ChatRequest) -> set[str]:
    idle = SHAPING_PARAMETERS
    return {name for name, value in request.parameters.items() if name not in idle or value != idle[name]}


def _requested_parameters(request: ChatRequest) -> Iterator[str]:
    yield from _asked_for(request)
    if request.reasoning is not None:
        yield "reasoning_effort"
