"""Reads a SAM template: the short forms of CloudFormation's functions become the long ones. Resolves none of them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias, cast

import yaml

# Logical id -> properties.
Resources: TypeAlias = dict[str, dict[str, Any]]


class _TemplateLoader(yaml.SafeLoader):
    pass


def _construct_function(loader: _TemplateLoader, name: str, node: yaml.Node) -> dict[str, Any]:
    value = _construct_value(loader, node)
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name if name in {"Ref", "Condition"} else f"Fn::{name}": value}


def _construct_value(loader: _TemplateLoader, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return node.value


yaml.add_multi_constructor("!", _construct_function, Loader=_TemplateLoader)


def load_template(path: Path) -> dict[str, Any]:
    return cast(dict[str, Any], yaml.load(path.read_text(), Loader=_TemplateLoader))


def resources(template: dict[str, Any], kind: str) -> Resources:
    found = {name: resource for name, resource in template["Resources"].items() if resource["Type"] == kind}
    return {name: resource.get("Properties", {}) for name, resource in found.items()}


def functions(template: dict[str, Any]) -> Resources:
    """The functions, with what Globals gives them all."""
    shared: dict[str, Any] = template.get("Globals", {}).get("Function", {})
    own = resources(template, "AWS::Serverless::Function")
    return {name: {**shared, **properties} for name, properties in own.items()}


def statements(template: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What the roles' own policies allow, whichever way their conditions fall."""
    for role in resources(template, "AWS::IAM::Role").values():
        yield from statements_of(role)


def statements_of(role: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for policy in role["Policies"]:
        for statement in policy["PolicyDocument"]["Statement"]:
            # Fn::If: a condition, and a statement for either outcome.
            branches = statement["Fn::If"][1:] if "Fn::If" in statement else [statement]
            yield from (branch for branch in branches if branch != {"Ref": "AWS::NoValue"})
