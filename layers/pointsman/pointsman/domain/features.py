"""What is known of a request before a model is chosen, as integers, so that a decision replays to the bit."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pointsman.domain.reply import PricedUnit
from pointsman.domain.request import Modality, ModelKind


@dataclass(frozen=True, slots=True)
class Reading:
    """What the meta-model says of one prompt, in thousandths.

    `task_milli` holds a probability per label of the model's card, `discrimination_milli` (each positive)
    and `difficulty_milli` the item-response parameters: q = sigmoid(a . ability - b); `log_length_milli`
    the 0.1, 0.5 and 0.9 quantiles of the natural log of output tokens; `ood_milli` is 0 for a prompt like
    the training set's and 1000 for one unlike any of them.
    """

    task_milli: tuple[int, ...]
    discrimination_milli: tuple[int, ...]
    difficulty_milli: int
    log_length_milli: tuple[int, int, int]
    ood_milli: int


@dataclass(frozen=True, slots=True)
class RequestFeatures:
    """A `Reading` with the structure of the request around it.

    `kind` is what a model must be to answer; `kind_reason` says how that was found, `is_kind_guessed` that it was out
    of the words of a chat. `prompt_tokens` is an estimate that includes `media_tokens`; `media_output_tokens` and
    `units_milli` (thousandths) count what a model of a kind other than chat will be paid for. Of the
    `requested_parameters`, the `required_parameters` change the shape of the answer and so cannot be left out.
    `degraded` means that no meta-model was at hand.
    """

    reading: Reading
    task_labels: tuple[str, ...]
    meta_model_sha256: str
    prompt_tokens: int
    media_tokens: int
    input_modalities: frozenset[Modality]
    output_modalities: frozenset[Modality]
    required_features: frozenset[str]
    required_parameters: frozenset[str]
    requested_parameters: frozenset[str]
    max_output_tokens: int | None = None
    degraded: bool = False
    kind: ModelKind = "chat"
    kind_reason: str = ""
    is_kind_guessed: bool = False
    media_output_tokens: int = 0
    units_milli: Mapping[PricedUnit, int] = field(default_factory=dict[PricedUnit, int])
