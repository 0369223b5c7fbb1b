import numpy as np

from training.data.prompts import TaskPrompt
from training.evaluation.media_thresholds import media_thresholds_milli

LABELS = ("chat_qa", "image_generation")


def prompts(*labels: str) -> list[TaskPrompt]:
    return [TaskPrompt("draw a fox", label, (label,), "s", "en", (), "", "s") for label in labels]


def test_the_threshold_lies_above_what_was_wrong() -> None:
    chances = np.array([*np.linspace(0.7, 0.99, 40), *np.linspace(0.1, 0.6, 40)])
    log_odds = np.log(np.stack([1 - chances, chances], axis=1))
    found = media_thresholds_milli(
        log_odds, LABELS, prompts(*["image_generation"] * 40, *["chat_qa"] * 40), sharpness=1
    )
    assert 570 <= found["image_generation"] <= 705
    assert "speech" not in found


def test_a_word_that_is_never_right_often_enough_has_no_threshold() -> None:
    log_odds = np.log(np.full((60, 2), 0.5))
    found = media_thresholds_milli(log_odds, LABELS, prompts(*["image_generation", "chat_qa"] * 30), sharpness=1)
    assert found == {}
