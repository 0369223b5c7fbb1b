"""Task prompts beside what is read of their texts."""

from dataclasses import dataclass

import numpy as np

from training.arrays import Flags, Integers
from training.data.prompts import TaskPrompt
from training.encoder.embeddings import Embedded


@dataclass(frozen=True, slots=True)
class TaskData:
    prompts: list[TaskPrompt]
    embedded: Embedded

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(sorted({prompt.label for prompt in self.prompts}))

    def targets(self) -> Integers:
        number_of = {label: number for number, label in enumerate(self.labels)}
        return np.array([number_of[prompt.label] for prompt in self.prompts])

    def acceptable(self) -> list[set[int]]:
        number_of = {label: number for number, label in enumerate(self.labels)}
        return [{number_of[label] for label in prompt.labels_ok if label in number_of} for prompt in self.prompts]

    def as_written(self) -> Flags:
        return np.array([not prompt.is_altered for prompt in self.prompts], dtype=np.bool_)
