"""Judges the rule by which a chat is answered by a model of another kind, with the thresholds of the shipped card.

python -m training.evaluation.media_rule [--tasks FILE]

The labelled prompts were trained on, the hand-written hard set was not. `media_thresholds` sets the thresholds.
"""

import argparse
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pointsman.adapters.onnx_meta_model import OnnxMetaModel
from pointsman.domain.classifier_text import classifier_text
from pointsman.domain.media_task import MEDIA_TASKS, MediaTask, TaskProbabilities, find_wish
from pointsman.domain.request import ChatRequest, MediaPart, Message, Modality, Part, TextPart
from pointsman.domain.task import weigh_tasks

from training.data.hard_set import read_hard_set
from training.data.prompts import TaskPrompt, read_task_prompts
from training.places import DATA, OUT

TASKS = DATA / "tasks" / "train.jsonl.gz"
MADE = frozenset(("image_generation", "image_editing", "audio_generation", "video_generation"))
MEDIA: Mapping[str, Modality] = {"image": "image", "audio": "audio", "video": "video"}


@dataclass(frozen=True, slots=True)
class Wish:
    """A prompt whose words ask for `task`; `is_right` where its label is one that the task serves."""

    task: MediaTask
    probability_milli: int
    is_right: bool
    label: str
    text: str


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the rule for media, and set its thresholds.")
    parser.add_argument("--tasks", type=Path, default=TASKS)
    parser.add_argument("--model", type=Path, default=OUT)
    arguments = parser.parse_args()
    model = OnnxMetaModel(arguments.model)
    prompts = read_task_prompts(arguments.tasks)
    wishes = find_wishes(model, prompts)
    thresholds = model.media_thresholds_milli
    print_tasks(wishes, thresholds)
    print_share("labelled prompts", prompts, wishes, thresholds)
    hard = read_hard_set()
    print_share("hard set", hard, find_wishes(model, hard), thresholds)


def find_wishes(model: OnnxMetaModel, prompts: Iterable[TaskPrompt]) -> Sequence[Wish]:
    """Only where the words ask for media is the meta-model asked at all."""
    found = list[Wish]()
    for prompt in prompts:
        request = as_request(prompt)
        task = find_wish(request)
        if task is not None:
            labels = {prompt.label, *prompt.labels_ok}
            probability = read_probability(model, request, task)
            found.append(Wish(task, probability, not labels.isdisjoint(task.labels), prompt.label, prompt.text))
    return found


def as_request(prompt: TaskPrompt) -> ChatRequest:
    attached = [MediaPart(MEDIA[kind], "any", base64_data="") for kind in prompt.modality_in if kind in MEDIA]
    parts: tuple[Part, ...] = (TextPart(prompt.text), *attached)
    return ChatRequest((Message("user", parts),), may_answer_in_media=True)


def read_probability(model: OnnxMetaModel, request: ChatRequest, task: MediaTask) -> int:
    attachments: frozenset[Modality] = frozenset(("text", *(part.kind for part in request.media)))
    milli = weigh_tasks(model.read(classifier_text(request.messages)).task_milli, model.labels, attachments)
    return TaskProbabilities(model.labels, milli, {}).of(task)


def _is_sent(wish: Wish, thresholds: Mapping[str, int]) -> bool:
    return wish.probability_milli >= thresholds.get(wish.task.name, 1001)


def print_tasks(wishes: Sequence[Wish], thresholds: Mapping[str, int]) -> None:
    print("| media task | words ask | threshold | sent | precision |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for task in MEDIA_TASKS:
        mine = [wish for wish in wishes if wish.task is task]
        sent = [wish for wish in mine if _is_sent(wish, thresholds)]
        precision = f"{sum(wish.is_right for wish in sent) / len(sent):.3f}" if sent else "-"
        threshold = f"{thresholds[task.name] / 1000:.2f}" if task.name in thresholds else "never"
        print(f"| {task.name} | {len(mine)} | {threshold} | {len(sent)} | {precision} |")


def print_share(
    name: str, prompts: Sequence[TaskPrompt], wishes: Sequence[Wish], thresholds: Mapping[str, int]
) -> None:
    """How many chats are sent astray, and how many wishes for media are met."""
    sent = [wish for wish in wishes if _is_sent(wish, thresholds)]
    chats = [prompt for prompt in prompts if not _is_of_media(prompt)]
    astray = [wish for wish in sent if not wish.is_right and wish.label not in MADE]
    print(f"\n{name}: {len(astray)} of {len(chats)} chats sent to media ({len(astray) / max(1, len(chats)):.4%})")
    for wish in astray[:5]:
        print(f"  astray to {wish.task.name} at {wish.probability_milli / 1000}: {wish.label}: {wish.text[:90]!r}")
    for label in sorted(MADE | {"audio_analysis"}):
        total = sum(prompt.label == label for prompt in prompts)
        asked = sum(wish.label == label for wish in wishes if wish.is_right)
        met = sum(wish.label == label for wish in sent if wish.is_right)
        if total:
            shares = f"{met / total:.1%}); words of a wish in {asked} ({asked / total:.1%})"
            print(f"  {label}: {met} of {total} sent ({shares}")


def _is_of_media(prompt: TaskPrompt) -> bool:
    return "audio" in prompt.modality_in or not MADE.isdisjoint((prompt.label, *prompt.labels_ok))


if __name__ == "__main__":
    main()
