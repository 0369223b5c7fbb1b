"""Task figures of the shipped graph on any file of labelled prompts: by label, by language, by source."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from pointsman.adapters.onnx_meta_model import OnnxMetaModel
from pointsman.domain.task import weigh_tasks

from training.arrays import Flags, Integers
from training.data.prompts import TaskPrompt
from training.encoder.embeddings import prompt_text
from training.evaluation.figures import f1_by_label, forgive, macro_f1
from training.progress import show_progress

DIGITS = 4
# Which labels one kind of model serves; a confusion within a route costs little.
ROUTES: dict[str, str] = {
    "chat_qa": "knowledge",
    "context_qa": "knowledge",
    "brainstorm_planning": "knowledge",
    "math_reasoning": "reasoning",
    "code_generation": "code",
    "code_assist": "code",
    "summarization": "text_work",
    "translation": "text_work",
    "rewriting": "text_work",
    "extraction": "text_work",
    "classification": "text_work",
    "creative_writing": "writing",
    "functional_writing": "writing",
    "roleplay": "writing",
    "agentic_tool": "tools",
    "image_generation": "image_making",
    "image_editing": "image_making",
    "image_analysis": "media_reading",
    "audio_analysis": "media_reading",
    "video_analysis": "media_reading",
    "audio_generation": "audio_making",
    "video_generation": "video_making",
}


def report_tasks(model: OnnxMetaModel, prompts: Sequence[TaskPrompt]) -> dict[str, Any]:
    """From the text alone, but coarse_accuracy, which sees what is attached. Labels unknown to the model are missed."""
    numbers = {label: number for number, label in enumerate(model.labels)}
    targets = np.array([numbers.get(prompt.label, -1) for prompt in prompts])
    acceptable = [{numbers[label] for label in prompt.labels_ok if label in numbers} for prompt in prompts]
    readings = [model.read(prompt_text(prompt.text)).task_milli for prompt in show_progress(prompts, "tasks")]
    predicted = np.array(readings).argmax(axis=1)
    with_attachments = settle(readings, model.labels, prompts)
    lenient, settled = (forgive(found, targets, acceptable) for found in (predicted, with_attachments))
    return {
        "macro_f1_strict": round(macro_f1(predicted, targets), DIGITS),
        "macro_f1_lenient": round(macro_f1(lenient, targets), DIGITS),
        "coarse_accuracy": round(coarse_accuracy(model.labels, settled, targets), DIGITS),
        "by_label": {
            model.labels[label]: round(score, DIGITS)
            for label, score in f1_by_label(predicted, targets).items()
            if label >= 0
        },
        "by_language": _accuracies([prompt.language for prompt in prompts], lenient == targets),
        "by_source": _accuracies([prompt.source for prompt in prompts], lenient == targets),
    }


def settle(readings: Sequence[Sequence[int]], labels: tuple[str, ...], prompts: Sequence[TaskPrompt]) -> Integers:
    """The likeliest label of each prompt in the light of what is attached to it, as the service decides it."""

    def likeliest(task_milli: Sequence[int], prompt: TaskPrompt) -> int:
        attachments: Any = frozenset({"text", *prompt.modality_in})
        return int(np.argmax(weigh_tasks(task_milli, labels, attachments)))

    return np.array([likeliest(*pair) for pair in zip(readings, prompts, strict=True)])


def print_tasks(report: Mapping[str, Any], name: str = "tasks") -> None:
    for figure in ("macro_f1_strict", "macro_f1_lenient", "coarse_accuracy"):
        print(f"{name:14}{figure:34}{report[figure]:.3f}")
    for part in ("by_label", "by_language", "by_source"):
        for key, share in report[part].items():
            print(f"{name:14}{part:14}{key[:48]:50}{share:.3f}")


def coarse_accuracy(labels: tuple[str, ...], predicted: Integers, targets: Integers) -> float:
    """Share of predicted labels of the same route as the target; -1 is of none."""
    routes = np.array([*(ROUTES[label] for label in labels), "unknown"])
    return float((routes[predicted] == routes[targets]).mean())


def _accuracies(names: Sequence[str], hits: Flags) -> dict[str, float]:
    """Share of acceptable labels in each group."""
    groups = np.array(names)
    return {str(name): round(float(hits[groups == name].mean()), DIGITS) for name in np.unique(groups)}
