"""Measures when a chat may be answered by a model of another kind, and sets the thresholds of the meta-model's card.

python -m training.evaluation.media_rule [--tasks FILE] [--write]

Of each media task the threshold is the lowest probability at which the rule was right often enough on the labelled
prompts; a task where it never is gets none, and is never sent. The hand-written hard set, which nothing was trained on,
is judged with the same thresholds.
"""

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pointsman.adapters.onnx_meta_model import CARD_FILE, OnnxMetaModel
from pointsman.domain.classifier_text import classifier_text
from pointsman.domain.media_task import MEDIA_TASKS, MediaTask, TaskProbabilities, find_wish
from pointsman.domain.request import ChatRequest, MediaPart, Message, Modality, Part, TextPart
from pointsman.domain.task import weigh_tasks

from training.data.prompts import TaskPrompt, read_task_prompts

ROOT = Path(__file__).resolve().parents[2]
TASKS = ROOT.parent / "shared" / "data" / "tasks" / "train.jsonl.gz"
MODEL = ROOT / "layers" / "meta_model"
HARD_SET = Path(__file__).with_name("hard_set.jsonl")
LEAST_PRECISION = 0.99
# With fewer right ones the precision says little.
LEAST_RIGHT = 20
STEPS = range(50, 1000, 10)
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
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--write", action="store_true", help="write the thresholds into the model's card")
    arguments = parser.parse_args()
    model = OnnxMetaModel(arguments.model)
    prompts = read_task_prompts(arguments.tasks)
    wishes = find_wishes(model, prompts)
    thresholds = set_thresholds(wishes)
    print_tasks(wishes, thresholds)
    print_share("labelled prompts", prompts, wishes, thresholds)
    hard = read_hard_set()
    print_share("hard set", hard, find_wishes(model, hard), thresholds)
    if arguments.write:
        write_thresholds(arguments.model, thresholds)


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


def set_thresholds(wishes: Sequence[Wish]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for task in MEDIA_TASKS:
        mine = [wish for wish in wishes if wish.task is task]
        step = next((step for step in STEPS if _is_precise([w for w in mine if w.probability_milli >= step])), None)
        if step is not None:
            found[task.name] = step
    return found


def _is_precise(sent: Sequence[Wish]) -> bool:
    right = sum(wish.is_right for wish in sent)
    return right >= LEAST_RIGHT and right / len(sent) >= LEAST_PRECISION


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


def read_hard_set() -> Sequence[TaskPrompt]:
    rows: list[Any] = [json.loads(line) for line in HARD_SET.read_text(encoding="utf-8").splitlines()]
    return [
        TaskPrompt(
            text=str(row["text"]),
            label=row["label"],
            labels_ok=tuple(row["labels_ok"]),
            source="hard set",
            language=row["lang"],
            modality_in=tuple(row.get("modality_in", ())),
            licence="",
            origin="hard set",
        )
        for row in rows
        if "text" in row
    ]


def write_thresholds(model: Path, thresholds: Mapping[str, int]) -> None:
    file = model / CARD_FILE
    card: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    card["media_thresholds_milli"] = dict(thresholds)
    file.write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
