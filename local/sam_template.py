"""Reads a SAM template: the short forms of CloudFormation's functions become the long ones. Resolves none of them."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeAlias, cast

import yaml

# Logical id -> properties.
Resources: TypeAlias = dict[str, dict[str, Any]]
NO_VALUE = {"Ref": "AWS::NoValue"}


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
            yield from (branch for branch in branches if branch != NO_VALUE)


def with_parameters(template: dict[str, Any], **given: str) -> dict[str, Any]:
    """The template that CloudFormation sees with these parameters and the others' defaults: every condition decided."""
    defaults = {name: str(parameter.get("Default", "")) for name, parameter in template.get("Parameters", {}).items()}
    decided = _Decided(template.get("Conditions", {}), {**defaults, **given})
    kept = {
        name: resource
        for name, resource in template["Resources"].items()
        if decided.holds({"Condition": resource["Condition"]} if "Condition" in resource else True)
    }
    return decided.choose({**template, "Resources": kept, "Conditions": {}})


class _Decided:
    def __init__(self, conditions: dict[str, Any], parameters: dict[str, str]) -> None:
        self._conditions, self._parameters = conditions, parameters

    def holds(self, condition: Any) -> bool:
        if isinstance(condition, bool):
            return condition
        ((kind, operands),) = condition.items()
        if kind == "Condition":
            return self.holds(self._conditions[operands])
        if kind == "Fn::Equals":
            first, second = (self._parameters[o["Ref"]] if isinstance(o, dict) else o for o in operands)
            return first == second
        return {"Fn::And": all, "Fn::Or": any, "Fn::Not": _not}[kind](self.holds(operand) for operand in operands)

    def choose(self, value: Any) -> Any:
        """`value` with each Fn::If replaced by the branch that holds; what becomes AWS::NoValue is left out."""
        if isinstance(value, dict):
            mapping = cast(dict[str, Any], value)
            if "Fn::If" in mapping:
                name, yes, no = mapping["Fn::If"]
                return self.choose(yes if self.holds({"Condition": name}) else no)
            chosen = {key: self.choose(inner) for key, inner in mapping.items()}
            return {key: inner for key, inner in chosen.items() if inner != NO_VALUE}
        if isinstance(value, list):
            items = [self.choose(inner) for inner in cast(list[Any], value)]
            return [inner for inner in items if inner != NO_VALUE]
        return value


def _not(operands: Iterable[bool]) -> bool:
    return not any(operands)
