"""From published scores to an ability vector: maximum a posteriori under linear Gaussian items.

A benchmark is one super-item: the logit of a model's score is a . t - b, give or take the item's noise. Its
parameters come with the meta-model as numbers. Knows no benchmark by name and reads no file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

from pointsman.domain.model_card import Ability, Evidence, EvidenceKind, ModelClass

# Answers behind a score whose number is unknown; most public test sets are of this order.
ASSUMED_ANSWERS = 200
# Elo points of one unit of log odds, and the Elo from which boards are counted.
ELO_PER_LOGIT = 400 / log(10)
ELO_ORIGIN = 1300.0
# Evidence about one model shares its causes (one harness, one training set): full weight up to this many items.
INDEPENDENT_ITEMS = 4

Matrix = list[list[float]]


@dataclass(frozen=True, slots=True)
class AbilityItem:
    """One benchmark as an item; `noise_sd` is what of its logits the ability does not explain."""

    discrimination: tuple[float, ...]
    difficulty: float
    noise_sd: float


@dataclass(frozen=True, slots=True)
class AbilityPrior:
    mean: tuple[float, ...]
    sd: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class AbilityItems:
    """What ships beside a meta-model: items by benchmark name and a prior for each class of models."""

    meta_model_sha256: str
    items: Mapping[str, AbilityItem]
    priors: Mapping[ModelClass, AbilityPrior]


def fit_ability(
    evidence: Sequence[Evidence],
    items: Mapping[str, AbilityItem],
    prior: AbilityPrior,
    *,
    meta_model_sha256: str,
) -> Ability:
    """Evidence on benchmarks without an item is left aside; with none left, the prior is the answer and says so."""
    usable = [(found, items[found.benchmark]) for found in evidence if found.benchmark in items]
    if not usable:
        return _to_ability(prior.mean, prior.sd, meta_model_sha256, has_evidence=False)
    mean, sd = _posterior(usable, prior)
    return _to_ability(mean, sd, meta_model_sha256, has_evidence=True)


def score_logit(kind: EvidenceKind, score: float, n: int = 0) -> float:
    """The score on the scale of log odds: accuracies and indices by their logit, Elo by its own slope."""
    if kind == "elo":
        return (score - ELO_ORIGIN) / ELO_PER_LOGIT
    answers = n or ASSUMED_ANSWERS
    share = score / 100 if kind == "index" else score
    # Half an answer on either side keeps a perfect score finite.
    return log((share * answers + 0.5) / ((1 - share) * answers + 0.5))


def _posterior(usable: Sequence[tuple[Evidence, AbilityItem]], prior: AbilityPrior) -> tuple[list[float], list[float]]:
    precision = [[0.0] * len(prior.mean) for _ in prior.mean]
    pull = [mean / sd**2 for mean, sd in zip(prior.mean, prior.sd, strict=True)]
    for index, sd in enumerate(prior.sd):
        precision[index][index] = 1 / sd**2
    trust = min(1.0, INDEPENDENT_ITEMS / len(usable))
    for found, item in usable:
        _observe(precision, pull, item, score_logit(found.kind, found.score, found.n), trust=trust)
    covariance = _inverse(precision)
    mean = [sum(c * p for c, p in zip(row, pull, strict=True)) for row in covariance]
    return mean, [sqrt(covariance[index][index]) for index in range(len(mean))]


def _observe(precision: Matrix, pull: list[float], item: AbilityItem, logit: float, *, trust: float) -> None:
    weight = trust / item.noise_sd**2
    for row, a_row in enumerate(item.discrimination):
        pull[row] += weight * a_row * (logit + item.difficulty)
        for column, a_column in enumerate(item.discrimination):
            precision[row][column] += weight * a_row * a_column


def _inverse(matrix: Matrix) -> Matrix:
    """Gauss-Jordan; a precision matrix has a positive diagonal, so no row need be exchanged."""
    size = len(matrix)
    rows = [[*row, *(float(index == own) for index in range(size))] for own, row in enumerate(matrix)]
    for pivot in range(size):
        scale = rows[pivot][pivot]
        rows[pivot] = [value / scale for value in rows[pivot]]
        for other in range(size):
            if other != pivot:
                factor = rows[other][pivot]
                rows[other] = [value - factor * own for value, own in zip(rows[other], rows[pivot], strict=True)]
    return [row[size:] for row in rows]


def _to_ability(mean: Sequence[float], sd: Sequence[float], meta_model_sha256: str, *, has_evidence: bool) -> Ability:
    return Ability(
        mean_milli=tuple(round(1000 * value) for value in mean),
        sd_milli=tuple(round(1000 * value) for value in sd),
        meta_model_sha256=meta_model_sha256,
        basis="evidence" if has_evidence else "class_prior",
    )
