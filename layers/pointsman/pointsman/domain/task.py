"""What the request asks for: the meta-model's word, corrected by what is attached. Media settle what text cannot."""

from collections.abc import Mapping, Sequence

from pointsman.domain.request import Modality

# A task that works on given media is impossible without them.
NEEDS_INPUT: Mapping[str, Modality] = {
    "image_analysis": "image",
    "image_editing": "image",
    "audio_analysis": "audio",
    "video_analysis": "video",
}


def mask_tasks(
    task_milli: Sequence[int], labels: Sequence[str], input_modalities: frozenset[Modality]
) -> tuple[int, ...]:
    """Probabilities in thousandths without the impossible tasks; unchanged where nothing else is left."""
    possible = [
        probability if NEEDS_INPUT.get(label, "text") in input_modalities else 0
        for label, probability in zip(labels, task_milli, strict=True)
    ]
    total = sum(possible)
    return tuple(probability * 1000 // total for probability in possible) if total else tuple(task_milli)


def likeliest_task(task_milli: Sequence[int], labels: Sequence[str]) -> str:
    """The label with the highest probability, `unknown` where there are no labels."""
    ranked = sorted(zip(labels, task_milli, strict=True), key=lambda pair: (-pair[1], pair[0]))
    return ranked[0][0] if ranked else "unknown"
