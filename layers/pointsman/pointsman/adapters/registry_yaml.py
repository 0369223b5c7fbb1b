"""Reads the seed registry from a folder of YAML files, each checked against its JSON Schema."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from pointsman.domain.documents.registry import decode_card, decode_policy
from pointsman.domain.errors import RegistryError
from pointsman.domain.model_card import ModelCard
from pointsman.domain.registry import Registry

POLICY_FILE = "policy.yaml"


def read_registry_folder(folder: Path) -> Registry:
    """Cards and policy, at no version yet. Raises RegistryError, which names file and field."""
    return Registry(0, read_cards(folder), decode_policy(_load(folder / POLICY_FILE)))


def read_cards(folder: Path) -> tuple[ModelCard, ...]:
    """All models of a folder's provider files, in the order of file and row. RegistryError names file and field."""
    schema: Any = json.loads((folder / "schema.json").read_text(encoding="utf-8"))
    validator: Any = Draft202012Validator(schema)
    paths = sorted(path for path in folder.glob("*.yaml") if path.name != POLICY_FILE)
    cards = [decode_card(row) for path in paths for row in _read_rows(path, validator)]
    _refuse_twins(cards)
    return tuple(cards)


def _read_rows(path: Path, validator: Any) -> list[Mapping[str, Any]]:
    document = _load(path)
    for fault in validator.iter_errors(document):
        raise RegistryError(f"{path.name}: {_place(document, list(fault.absolute_path))}: {fault.message}")
    return document["models"]


def _load(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_PlainLoader)  # noqa: S506
    except (OSError, yaml.YAMLError) as error:
        raise RegistryError(f"{path.name}: {error}") from error


def _place(document: Any, steps: list[Any]) -> str:
    """Where the fault lies, with the model's id instead of its number."""
    shown: list[Any] = list(steps)
    row: Any = document["models"][steps[1]] if steps[:1] == ["models"] and len(steps) > 1 else None
    if isinstance(row, dict) and "id" in row:
        shown = [row["id"], *steps[2:]]
    return ".".join(str(step) for step in shown) or "the file"


def _refuse_twins(cards: list[ModelCard]) -> None:
    seen: set[str] = set()
    for card in cards:
        if card.id in seen:
            raise RegistryError(f"{card.id}: id: stands in the registry twice")
        seen.add(card.id)


class _PlainLoader(yaml.SafeLoader):
    """YAML as JSON sees it: days stay text, and a key that stands twice is a fault."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [key.value for key, _ in node.value]
        for name in names:
            if names.count(name) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"{name!r} stands twice", node.start_mark)
        return super().construct_mapping(node, deep)


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
