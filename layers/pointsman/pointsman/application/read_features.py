"""Turns a request into the features a decision is made from. The last place that sees the prompt's text."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pointsman.application.ports import MetaModel
from pointsman.domain.classifier_text import classifier_text
from pointsman.domain.features import Reading, RequestFeatures
from pointsman.domain.request import ChatRequest, Modality
from pointsman.domain.task import Attachment, weigh_tasks
from pointsman.domain.tokens import estimate_media_tokens, estimate_prompt_tokens

# Leaving one of these out would change the shape of the answer, so a model that lacks it cannot serve. With the value
# given here it asks for nothing.
SHAPING_PARAMETERS: Final[Mapping[str, Any]] = {"n": 1, "logprobs": False, "top_logprobs": 0}


def read_features(request: ChatRequest, meta_model: MetaModel) -> RequestFeatures:
    reading = meta_model.read(classifier_text(request.messages))
    media_tokens = sum(estimate_media_tokens(part) for part in request.media)
    inputs: frozenset[Modality] = frozenset({"text", *(part.kind for part in request.media)})
    return RequestFeatures(
        reading=_weigh(reading, meta_model, inputs | _tools(request)),
        task_labels=meta_model.labels,
        meta_model_sha256=meta_model.sha256,
        prompt_tokens=estimate_prompt_tokens(request) + media_tokens,
        media_tokens=media_tokens,
        input_modalities=inputs,
        output_modalities=frozenset(request.output_modalities),
        required_features=frozenset(_required_features(request)),
        required_parameters=frozenset(SHAPING_PARAMETERS.keys() & _asked_for(request)),
        requested_parameters=frozenset(_requested_parameters(request)),
        max_output_tokens=request.max_output_tokens,
        degraded=meta_model.is_degraded,
    )


def _tools(request: ChatRequest) -> frozenset[Attachment]:
    return frozenset({"tools"}) if request.tools else frozenset()


def _weigh(reading: Reading, meta_model: MetaModel, attachments: frozenset[Attachment]) -> Reading:
    return Reading(
        task_milli=weigh_tasks(reading.task_milli, meta_model.labels, attachments),
        discrimination_milli=reading.discrimination_milli,
        difficulty_milli=reading.difficulty_milli,
        log_length_milli=reading.log_length_milli,
        ood_milli=reading.ood_milli,
    )


def _required_features(request: ChatRequest) -> Iterator[str]:
    if request.tools:
        yield "tools"
    if request.tool_choice and request.tool_choice.mode in {"required", "named"}:
        yield "forced_tool_choice"
    if request.response_format and request.response_format.kind != "text":
        yield request.response_format.kind


def _asked_for(request: ChatRequest) -> set[str]:
    idle = SHAPING_PARAMETERS
    return {name for name, value in request.parameters.items() if name not in idle or value != idle[name]}


def _requested_parameters(request: ChatRequest) -> Iterator[str]:
    yield from _asked_for(request)
    if request.reasoning is not None:
        yield "reasoning_effort"
