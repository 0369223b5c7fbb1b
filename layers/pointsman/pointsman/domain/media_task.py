"""When a chat is answered by a model of another kind: a picture, speech, a transcript or a film.

Only where the caller leaves it open, the words ask for it, and the meta-model is surer than a threshold (of its card)
from which it was measured to be right. All else stays a chat: a wrong picture is worse than a description of one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from re import Pattern

from pointsman.domain import media_phrases as phrases
from pointsman.domain.request import ChatRequest, Modality, ModelKind

# A wish stands at the head of what is said; further on the words are somebody else's.
HEAD_CHARS = 240
# Of a task that the meta-model holds for less likely, no words are looked for; its thresholds lie far above.
UNTHINKABLE_MILLI = 10


@dataclass(frozen=True, slots=True)
class MediaTask:
    """`labels` are the meta-model's tasks that it serves; `attached` what has to come with the words, if anything."""

    name: str
    kind: ModelKind
    output: Modality
    labels: tuple[str, ...]
    wish: Pattern[str]
    attached: Modality | None = None


MEDIA_TASKS: Sequence[MediaTask] = (
    MediaTask("transcription", "transcription", "text", ("audio_analysis",), phrases.TRANSCRIBE, attached="audio"),
    MediaTask(
        "image_editing", "image_generation", "image", ("image_editing", "image_generation"), phrases.EDIT, "image"
    ),
    MediaTask("speech", "speech", "audio", ("audio_generation",), phrases.SPEECH),
    MediaTask("video_generation", "video_generation", "video", ("video_generation",), phrases.VIDEO),
    MediaTask("image_generation", "image_generation", "image", ("image_generation", "image_editing"), phrases.IMAGE),
    MediaTask("image_description", "image_generation", "image", ("image_generation",), phrases.DESCRIPTION),
)


@dataclass(frozen=True, slots=True)
class KindChoice:
    """What a model must be to answer, and why, in words for the ledger."""

    kind: ModelKind
    reason: str
    is_guessed: bool = False


@dataclass(frozen=True, slots=True)
class TaskProbabilities:
    """The meta-model's word, in thousandths. A task without a threshold is never sent to a model of another kind."""

    labels: tuple[str, ...]
    task_milli: tuple[int, ...]
    thresholds_milli: Mapping[str, int]

    def of(self, task: MediaTask) -> int:
        return sum(self.task_milli[self.labels.index(label)] for label in task.labels if label in self.labels)


def choose_kind(request: ChatRequest, probabilities: TaskProbabilities) -> KindChoice:
    """For a chat under `auto`. The caller's own word on modalities comes first."""
    if "image" in request.output_modalities:
        return KindChoice("image_generation", "modalities asks for images")
    objection = _objection(request)
    if objection is not None:
        return KindChoice("chat", objection)
    if all(probabilities.of(task) < UNTHINKABLE_MILLI for task in MEDIA_TASKS):
        return KindChoice("chat", "the meta-model sees no wish for media")
    task = find_wish(request)
    if task is None:
        return KindChoice("chat", "no words that ask for media")
    if request.picture_settings is not None and task.output != "image":
        return KindChoice("chat", f"words ask for {task.name}, but only pictures are allowed")
    found, needed = probabilities.of(task), probabilities.thresholds_milli.get(task.name)
    if needed is None:
        return KindChoice("chat", f"words ask for {task.name}, but the meta-model has no threshold for it")
    if found < needed:
        return KindChoice(
            "chat", f"words ask for {task.name}, but its probability {found / 1000} is below {needed / 1000}"
        )
    reason = f"words ask for {task.name}, with a probability of {found / 1000} (at least {needed / 1000})"
    return KindChoice(task.kind, reason, is_guessed=True)


def _objection(request: ChatRequest) -> str | None:
    """Why the form of a request leaves no room for media."""
    if not request.may_answer_in_media:
        return "modalities leaves no room for media"
    if request.tools:
        return "tools ask for a chat model"
    if request.response_format is not None and request.response_format.kind != "text":
        return "response_format asks for text"
    return None


def find_wish(request: ChatRequest) -> MediaTask | None:
    """The first task of the table whose words and attachments are there."""
    message = request.last_user_message
    head = message.text.lower().strip()[:HEAD_CHARS]
    attached: set[Modality] = {part.kind for part in message.media}
    if phrases.CODE.search(head):
        return None
    return next((task for task in MEDIA_TASKS if _is_wished(task, head, attached)), None)


def _is_wished(task: MediaTask, head: str, attached: set[Modality]) -> bool:
    # What is attached must be what the task works on: a picture beside "draw this" is edited, a document is not.
    if attached != ({task.attached} if task.attached else set()):
        return False
    asks_about = phrases.ASKS_ABOUT.search(head) is not None and task.attached != "audio"
    return not asks_about and task.wish.search(head) is not None
