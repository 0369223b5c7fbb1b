"""The registry as it was packed with this release, for a cold start while DynamoDB is down."""

import json
from pathlib import Path

from pointsman.domain.documents.registry import decode_card, decode_policy, encode_card, encode_policy
from pointsman.domain.registry import Registry

SEED_FILE = Path(__file__).with_name("seed_registry.json")


def read_seed_registry() -> Registry:
    """Version 0: any version in the table is newer. RegistryError where the file is broken."""
    document = json.loads(SEED_FILE.read_text(encoding="utf-8"))
    cards = tuple(decode_card(card) for card in document["models"])
    return Registry(0, cards, decode_policy(document["policy"]))


def format_seed_registry(registry: Registry) -> str:
    """One line per model, so that a diff shows which one changed."""
    policy = json.dumps(encode_policy(registry.policy))
    models = ",\n".join(json.dumps(encode_card(card), ensure_ascii=False) for card in registry.cards)
    return f'{{"policy": {policy},\n"models": [\n{models}\n]}}\n'
