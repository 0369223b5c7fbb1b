"""Reads `items.json`, the numbers from which abilities are fitted, as it lies beside the meta-model."""

import json
from pathlib import Path
from typing import Any

from pointsman.domain.ability import AbilityItem, AbilityItems, AbilityPrior
from pointsman.domain.errors import MetaModelError

ITEMS_FILE = "items.json"


def load_items(path: Path) -> AbilityItems:
    """Raises MetaModelError where the file is absent or not what it should be."""
    try:
        return _decode(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise MetaModelError(f"the meta-model's {path.name} cannot be read") from error


def _decode(document: dict[str, Any]) -> AbilityItems:
    return AbilityItems(
        meta_model_sha256=str(document["meta_model_sha256"]),
        items={name: _decode_item(row) for name, row in document["items"].items()},
        priors={
            name: AbilityPrior(mean=tuple(row["mean"]), sd=tuple(row["sd"])) for name, row in document["priors"].items()
        },
    )


def _decode_item(row: dict[str, Any]) -> AbilityItem:
    return AbilityItem(
        discrimination=tuple(row["discrimination"]),
        difficulty=float(row["difficulty"]),
        noise_sd=float(row["noise_sd"]),
    )
