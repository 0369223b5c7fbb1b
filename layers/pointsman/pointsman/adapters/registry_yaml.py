"""Registry documents as YAML: the seed's folder, checked against its JSON Schema, and operators' changes, by line."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """One file's content, and where in it a field stands."""

    name: str
    content: Mapping[str, Any]
    _root: Any

    def place(self, item: str | None, path: str | None) -> str:
        """`change.yaml:12` for a field of a model, of the policy or of the document itself; as near as there is."""
        node = self._root if item is None else self._item(item)
        for step in re.findall(r"[^.\[\]]+", path or ""):
            inner = _step_into(node, step)
            if inner is None:
                break
            node = inner
        return f"{self.name}:{node.start_mark.line + 1}"

    def _item(self, item: str) -> Any:
        if item == "policy":
            return _step_into(self._root, "policy") or self._root
        rows = _step_into(self._root, "models")
        for row in rows.value if isinstance(rows, yaml.SequenceNode) else ():
            name = _step_into(row, "id")
            if name is not None and name.value == item:
                return row
        return self._root


def read_yaml(text: str, name: str) -> YamlDocument:
    """An object. RegistryError names the line that is no YAML."""
    content = _parse(text, name)
    if not isinstance(content, dict):
        raise RegistryError(f"{name}:1: must be an object")
    return YamlDocument(name, content, yaml.compose(text, Loader=_PlainLoader))  # pyright: ignore[reportUnknownArgumentType]


def write_yaml(document: Mapping[str, Any]) -> str:
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120)


def _step_into(node: Any, step: str) -> Any:
    if isinstance(node, yaml.SequenceNode) and step.isdecimal() and int(step) < len(node.value):
        return node.value[int(step)]
    pairs: list[tuple[Any, Any]] = node.value if isinstance(node, yaml.MappingNode) else []
    return next((value for key, value in pairs if key.value == step), None)


def _read_rows(path: Path, validator: Any) -> list[Mapping[str, Any]]:
    document = _load(path)
    for fault in validator.iter_errors(document):
        raise RegistryError(f"{path.name}: {_place(document, list(fault.absolute_path))}: {fault.message}")
    return document["models"]


def _load(path: Path) -> Any:
    try:
        return _parse(path.read_text(encoding="utf-8"), path.name)
    except OSError as error:
        raise RegistryError(f"{path.name}: {error}") from error


def _parse(text: str, name: str) -> Any:
    try:
        return yaml.load(text, Loader=_PlainLoader)  # noqa: S506
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RegistryError(f"{name}:{line}: {error.problem or error}") from error
    except yaml.YAMLError as error:
        raise RegistryError(f"{name}: {error}") from error


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
        names = set[Any]()
        for key, _ in node.value:
            if key.value in names:
                raise yaml.constructor.ConstructorError(None, None, f"{key.value!r} stands twice", key.start_mark)
            names.add(key.value)
        return super().construct_mapping(node, deep)


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
