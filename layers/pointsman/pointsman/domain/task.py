"""What the request asks for: the meta-model's word, and what is attached, which settles what text cannot."""

from collections.abc import Mapping, Sequence, Set
from typing import Literal

from pointsman.domain.request import Modality

Attachment = Modality | Literal["tools"]

# A task that works on given media is impossible without them.
NEEDS_INPUT: Mapping[str, Attachment] = {
    "image_analysis": "image",
    "image_editing": "image",
    "audio_analysis": "audio",
    "video_analysis": "video",
}
# Tools can be asked for where none are given ("set an alarm"), but less likely so.
WORKS_WITH: Mapping[str, Attachment] = {**NEEDS_INPUT, "agentic_tool": "tools"}
# Who attaches something mostly means it; quarters of a weight.
ATTACHED, UNCONCERNED, WITHOUT = 80, 4, 1


def weigh_tasks(task_milli: Sequence[int], labels: Sequence[str], attachments: Set[Attachment]) -> tuple[int, ...]:
    """Probabilities in thousandths in the light of what is attached; unchanged where all tasks would be impossible."""
    weighed = [probability * _weight(label, attachments) for label, probability in zip(labels, task_milli, strict=True)]
    total = sum(weighed)
    return tuple(probability * 1000 // total for probability in weighed) if total else tuple(task_milli)


def _weight(label: str, attachments: Set[Attachment]) -> int:
    if label not in WORKS_WITH:
        return UNCONCERNED
    if WORKS_WITH[label] in attachments:
        return ATTACHED
    return 0 if label in NEEDS_INPUT else WITHOUT


def likeliest_task(task_milli: Sequence[int], labels: Sequence[str]) -> str:
    """The label with the highest probability, `unknown` where there are no labels."""
    highest = max(task_milli, default=0)
    likeliest = (label for label, probability in zip(labels, task_milli, strict=True) if probability == highest)
    return min(likeliest, default="unknown")
