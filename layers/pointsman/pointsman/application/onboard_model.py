"""Brings a new model in by graded answers: which prompt to grade next, and what is known of the model by now.

Every grade is written to the registry as evidence before the next is asked for, so nothing is lost half-way.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from pointsman.application.calibrate_registry import read_whole
from pointsman.application.fit_abilities import ability_of_card, fit_card
from pointsman.application.ports import RegistryStore
from pointsman.domain.ability import AbilityItems, posterior_of_card, usable_answers
from pointsman.domain.documents.registry import decode_card, encode_card
from pointsman.domain.errors import UnknownModelError
from pointsman.domain.feedback import with_answers
from pointsman.domain.model_card import Ability, GradedAnswer, ModelCard
from pointsman.domain.onboarding import PoolPrompt, PoolQuality, StopRule, Verdict, choose_next, judge, pool_quality
from pointsman.domain.registry import Registry


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a model: `answers` were graded in all, `left` prompts of the pool were not."""

    model_id: str
    ability: Ability
    quality: PoolQuality
    answers: int
    left: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class OnboardModel:
    store: RegistryStore
    items: AbilityItems
    rule: StopRule = field(default_factory=StopRule)

    def next_prompts(self, model_id: str, pool: Sequence[PoolPrompt], *, count: int) -> list[PoolPrompt]:
        """The prompts whose grades are wanted most, best first. UnknownModelError where there is none such."""
        card = _find(read_whole(self.store), model_id)
        return choose_next(posterior_of_card(card, self.items), pool, graded=self._graded(card), count=count)

    def standing(self, model_id: str, pool: Sequence[PoolPrompt]) -> Standing:
        card = _find(read_whole(self.store), model_id)
        posterior, graded = posterior_of_card(card, self.items), self._graded(card)
        quality = pool_quality(posterior, pool)
        left = sum(prompt.prompt_id not in graded for prompt in pool)
        answers = len(usable_answers(card.gradings, self.items.meta_model_sha256))
        verdict = judge(quality, self.rule, answers=answers, left=left)
        return Standing(model_id, ability_of_card(card, self.items), quality, answers, left, verdict)

    def grade(self, model_id: str, prompt: PoolPrompt, *, score_milli: int, as_of: date) -> int:
        """Keep the grade as evidence, fit the model's ability anew, and return the version this made.

        A prompt graded before has its grade replaced. RegistryError where the card can hold no more.
        """
        registry = read_whole(self.store)
        card = _find(registry, model_id)
        answer, sha256 = _to_answer(prompt, score_milli), self.items.meta_model_sha256
        graded = fit_card(with_answers(card, [answer], meta_model_sha256=sha256, as_of=as_of), self.items)
        # Whatever a card must not hold is refused where cards are read; better here than at the next reader.
        decode_card(encode_card(graded))
        return self.store.write(_with_card(registry, graded))

    def _graded(self, card: ModelCard) -> set[str]:
        ours = [found for found in card.gradings if found.meta_model_sha256 == self.items.meta_model_sha256]
        return {answer.prompt_id for grading in ours for answer in grading.answers}


def _find(registry: Registry, model_id: str) -> ModelCard:
    card = registry.card(model_id)
    if card is None:
        raise UnknownModelError(f"MODEL: the registry has no model {model_id!r}", field="MODEL")
    return card


def _with_card(registry: Registry, changed: ModelCard) -> Registry:
    cards = tuple(changed if card.id == changed.id else card for card in registry.cards)
    return replace(registry, cards=cards)


def _to_answer(prompt: PoolPrompt, score_milli: int) -> GradedAnswer:
    return GradedAnswer(
        prompt_id=prompt.prompt_id,
        score_milli=score_milli,
        discrimination_milli=tuple(round(1000 * value) for value in prompt.item.discrimination),
        difficulty_milli=round(1000 * prompt.item.difficulty),
    )
