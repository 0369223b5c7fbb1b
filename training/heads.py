"""All heads together, as fitted: what head_graph writes into ONNX and the evaluation reads in numpy."""

from dataclasses import dataclass

from training.familiarity import Familiarity
from training.features import FeatureSpace
from training.length_head import LengthHead
from training.quality_head import QualityHead
from training.task_head import TaskHead


@dataclass(frozen=True, slots=True)
class Heads:
    """`known_outcomes` fades quality and length to the average; `known_prompts` is the other side of the ood score."""

    space: FeatureSpace
    task: TaskHead
    quality: QualityHead
    length: LengthHead
    known_outcomes: Familiarity
    known_prompts: Familiarity
