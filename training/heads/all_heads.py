"""All heads together, as fitted: what head_graph writes into ONNX and the evaluation reads in numpy."""

from dataclasses import dataclass

from training.heads.familiarity import Familiarity
from training.heads.features import FeatureSpace
from training.heads.length_head import LengthHead
from training.heads.quality_head import QualityHead
from training.heads.task_head import TaskHead


@dataclass(frozen=True, slots=True)
class Heads:
    """`known_outcomes` fades quality and length to the average; `known_prompts` is the other side of the ood score."""

    space: FeatureSpace
    task: TaskHead
    quality: QualityHead
    length: LengthHead
    known_outcomes: Familiarity
    known_prompts: Familiarity
