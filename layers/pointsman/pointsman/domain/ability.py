"""From evidence to an ability vector: maximum a posteriori under benchmarks as items and graded answers.

A benchmark is one super-item: the logit of a model's score is a . t - b, give or take the item's noise. Its
parameters come with the meta-model as numbers. Knows no benchmark by name and reads no file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

from pointsman.domain.gaussian import Gaussian, Matrix, Vector, add_outer, diagonal
from pointsman.domain.item_response import Answer, Belief, Item, update
from pointsman.domain.model_card import (
    Ability,
    Evidence,
    EvidenceKind,
    GradedAnswer,
    Grading,
    ModelCard,
    ModelClass,
)

# Answers behind a score whose number is unknown; most public test sets are of this order.
ASSUMED_ANSWERS = 200
# Elo points of one unit of log odds, and the Elo from which boards are counted.
ELO_PER_LOGIT = 400 / log(10)
ELO_ORIGIN = 1300.0
# Evidence about one model shares its causes (one harness, one training set): full weight up to this many items.
INDEPENDENT_ITEMS = 8


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
    gradings: Sequence[Grading] = (),
) -> Ability:
    """Evidence that has no item here is left aside; with none left, the prior is the answer and says so."""
    answers = usable_answers(gradings, meta_model_sha256)
    posterior = update(belief_of(evidence, items, prior), answers)
    has_evidence = bool(answers or usable_evidence(evidence, items))
    return Ability(
        mean_milli=tuple(round(1000 * value) for value in posterior.mean),
        sd_milli=tuple(round(1000 * value) for value in posterior.sd),
        meta_model_sha256=meta_model_sha256,
        basis="evidence" if has_evidence else "class_prior",
        joint_milli=round(1000 * _joint_share(posterior, [item.discrimination for item in items.values()])),
    )


def posterior_of_card(card: ModelCard, items: AbilityItems) -> Gaussian:
    """What all evidence of the card together says of its ability, as a whole distribution."""
    belief = belief_of(card.evidence, items.items, items.priors[card.model_class])
    return update(belief, usable_answers(card.gradings, items.meta_model_sha256))


def usable_evidence(evidence: Sequence[Evidence], items: Mapping[str, AbilityItem]) -> list[Evidence]:
    """The published scores on benchmarks that have an item."""
    return [found for found in evidence if found.benchmark in items]


def usable_answers(gradings: Sequence[Grading], meta_model_sha256: str) -> list[Answer]:
    """The graded answers whose prompts this very meta-model has read: another's parameters mean other things."""
    ours = [grading for grading in gradings if grading.meta_model_sha256 == meta_model_sha256]
    return [to_answer(answer) for grading in ours for answer in grading.answers]


def to_answer(graded: GradedAnswer) -> Answer:
    weights = tuple(value / 1000 for value in graded.discrimination_milli)
    return Answer(Item(weights, graded.difficulty_milli / 1000), graded.score_milli / 1000)


def belief_of(evidence: Sequence[Evidence], items: Mapping[str, AbilityItem], prior: AbilityPrior) -> Belief:
    """The prior with the published scores in it, before any graded answer."""
    precision = diagonal([1 / sd**2 for sd in prior.sd])
    pull = [mean / sd**2 for mean, sd in zip(prior.mean, prior.sd, strict=True)]
    usable = usable_evidence(evidence, items)
    trust = min(1.0, INDEPENDENT_ITEMS / max(1, len(usable)))
    for found in usable:
        item, logit = items[found.benchmark], score_logit(found.kind, found.score, found.n)
        _observe(precision, pull, item, logit, weight=trust / (item.noise_sd**2 + sampling_variance(found)))
    return Belief(precision, pull)


def score_logit(kind: EvidenceKind, score: float, n: int = 0) -> float:
    """The score on the scale of log odds: accuracies and indices by their logit, Elo by its own slope."""
    if kind == "elo":
        return (score - ELO_ORIGIN) / ELO_PER_LOGIT
    answers = n or ASSUMED_ANSWERS
    share = score / 100 if kind == "index" else score
    # Half an answer on either side keeps a perfect score finite.
    return log((share * answers + 0.5) / ((1 - share) * answers + 0.5))


def sampling_variance(found: Evidence) -> float:
    """How far chance alone moves the score's logit, given the answers or votes behind it; 0 where they are not told."""
    if not found.n:
        return 0.0
    # A vote on Arena tells as much as an answer that comes out right every second time.
    share = 0.5 if found.kind == "elo" else found.score / 100 if found.kind == "index" else found.score
    successes, failures = share * found.n + 0.5, (1 - share) * found.n + 0.5
    return 1 / successes + 1 / failures


def _joint_share(posterior: Gaussian, directions: Sequence[Vector]) -> float:
    """The sd along the directions to what it would be if no dimension told of another; 1 where there are none."""
    apart = Gaussian(posterior.mean, diagonal([sd**2 for sd in posterior.sd]))
    together = sum(map(posterior.variance_along, directions))
    return sqrt(together / sum(map(apart.variance_along, directions))) if directions else 1.0


def _observe(precision: Matrix, pull: list[float], item: AbilityItem, logit: float, *, weight: float) -> None:
    add_outer(precision, item.discrimination, weight)
    for row, value in enumerate(item.discrimination):
        pull[row] += weight * value * (logit + item.difficulty)
