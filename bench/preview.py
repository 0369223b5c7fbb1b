"""What a preview foretells against what then happens: `python -m bench.preview --count 400`.

Requests are answered by simulated models under one registry; the preview tells from their records alone what an edit
will do; then the edit is made, and the same callers ask again.
"""

import argparse
import asyncio
import json
import random
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from pointsman.application.edit_registry import Plan
from pointsman.application.preview_edit import PreviewEdit
from pointsman.domain.model_card import Endpoint, ModelCard
from pointsman.domain.registry import Registry
from pointsman.domain.reply import Finished, ReplyEvent, ReplyStarted, TextDelta, Usage, UsageReported
from pointsman.domain.request import ChatRequest

from bench.decisions import NOW, KeptDocuments, answer_many, packed_registry

# The real length of an answer is this far around what the model's verbosity says of it.
NOISE: Final = 0.25


@dataclass(frozen=True, slots=True)
class Simulated:
    """Every provider of the registry. An answer is as long as its prompt asks for and its model is wordy."""

    registry: Registry

    def accounts(self) -> frozenset[str]:
        return frozenset(endpoint.provider for card in self.registry.cards for endpoint in card.endpoints)

    async def reply(
        self, request: ChatRequest, card: ModelCard, endpoint: Endpoint, *, timeout_s: float
    ) -> AsyncGenerator[ReplyEvent, None]:
        text = str(request.messages[-1].parts)
        asked = random.Random(text).randint(100, 1_500)
        wordy = card.verbosity_milli / 1000 * random.Random(text + card.id).uniform(1 - NOISE, 1 + NOISE)
        yield ReplyStarted("up-1", endpoint.upstream_model)
        yield TextDelta("simulated")
        yield Finished("stop")
        yield UsageReported(Usage({"input": len(text) // 4, "output": round(asked * wordy)}))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Shares of decisions that change, and dollars for all requests after the edit."""

    foretold_share: float
    happened_share: float
    foretold_usd: Decimal
    happened_usd: Decimal


def compare(count: int) -> Comparison:
    """The edit switches off the model that was chosen most."""
    before = packed_registry(1)
    first = _answered(count, before)
    after = replace(_edit(before, first), version=2)
    overall = PreviewEdit(first).preview(Plan(before, after, ()), most=count, on=NOW.date()).overall
    second = _answered(count, after)
    now_of = {document["id"]: document for document in second.newest(count)}
    asked = first.newest(count)
    # Whom no model can serve any more, nobody answers.
    answered = [document for document in asked if document["id"] in now_of]
    kept = sum(_chosen(document) == _chosen(now_of[document["id"]]) for document in answered)
    happened = sum((Decimal(now_of[document["id"]]["cost_usd"]) for document in answered), Decimal(0))
    return Comparison(overall.changed / overall.decisions, 1 - kept / len(asked), overall.usd_after, happened)


def _answered(count: int, registry: Registry) -> KeptDocuments:
    kept = asyncio.run(answer_many(count, registry, Simulated(registry)))
    return KeptDocuments([json.loads(json.dumps(document)) for document in kept.documents])


def _edit(registry: Registry, kept: KeptDocuments) -> Registry:
    chosen = [document["ledger"]["chosen"] for document in kept.newest(len(kept.documents))]
    favourite = max(set(chosen) - {registry.policy.safe_default}, key=chosen.count)
    cards = tuple(replace(card, enabled=card.enabled and card.id != favourite) for card in registry.cards)
    return replace(registry, cards=cards)


def _chosen(document: Mapping[str, Any]) -> tuple[str, str]:
    best = document["ledger"]["candidates"][0]
    return best["model"], best["provider"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=400)
    found = compare(parser.parse_args().count)
    print(f"decisions changed: foretold {found.foretold_share:.2%}, happened {found.happened_share:.2%}")
    off = found.foretold_usd / found.happened_usd - 1
    print(
        f"cost after: foretold {found.foretold_usd:.6f} USD, happened {found.happened_usd:.6f} USD, off by {off:+.2%}"
    )


if __name__ == "__main__":
    main()
