"""Grades that callers gave to answers, as evidence of how able the models are that gave them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from pointsman.domain.model_card import GradedAnswer, Grading, ModelCard

# A card holds 500 answers in all; so many stay free for prompts that an operator grades.
MOST_OF_CALLERS: Final = 400


@dataclass(frozen=True, slots=True)
class Feedback:
    """One grade, from 0 to 1000, with the caller's own word for what was right or wrong."""

    score_milli: int
    at: datetime
    category: str | None = None


@dataclass(frozen=True, slots=True)
class Graded:
    """An answer that a caller graded: which model gave it, and what the meta-model had read in its prompt."""

    model_id: str
    meta_model_sha256: str
    answer: GradedAnswer


def read_graded(record: Mapping[str, Any]) -> Graded | None:
    """From an audit record; None where it says nothing of how well a chat model answers."""
    features = record["situation"]["features"]
    if "feedback" not in record or features.get("kind", "chat") != "chat" or features.get("degraded", False):
        return None
    reading = features["reading"]
    answer = GradedAnswer(
        prompt_id=record["id"],
        score_milli=int(record["feedback"]["score_milli"]),
        discrimination_milli=tuple(reading["discrimination_milli"]),
        difficulty_milli=reading["difficulty_milli"],
    )
    return Graded(record["model"], features["meta_model_sha256"], answer)


def with_feedback(card: ModelCard, graded: Iterable[Graded], *, meta_model_sha256: str, as_of: date) -> ModelCard:
    """The card with the newest grades of its own answers; each counts once, however often it is read."""
    of_card = [one for one in graded if (one.model_id, one.meta_model_sha256) == (card.id, meta_model_sha256)]
    # An id begins with its moment.
    newest = sorted((one.answer for one in of_card), key=lambda answer: answer.prompt_id)[-MOST_OF_CALLERS:]
    return with_answers(card, newest, meta_model_sha256=meta_model_sha256, as_of=as_of) if newest else card


def with_answers(card: ModelCard, answers: Sequence[GradedAnswer], *, meta_model_sha256: str, as_of: date) -> ModelCard:
    """Answers whose prompts were graded before take the place of the old ones."""
    ours = [found for found in card.gradings if found.meta_model_sha256 == meta_model_sha256]
    others = [found for found in card.gradings if found.meta_model_sha256 != meta_model_sha256]
    names = {answer.prompt_id for answer in answers}
    kept = [one for found in ours for one in found.answers if one.prompt_id not in names]
    return replace(card, gradings=(*others, Grading(meta_model_sha256, as_of, (*kept, *answers))))
