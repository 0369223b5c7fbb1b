"""The registry's commands as an operator types them, on a registry in memory: dry runs first, lines named."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from pointsman.application.adopt_edits import AdoptEdits
from pointsman.application.edit_registry import EditRegistry
from pointsman.bootstrap.registry import RegistryDesk
from pointsman.domain.registry import Change
from pointsman.entrypoints.cli import main
from typer.testing import CliRunner, Result

from bench.decisions import KeptDocuments
from tests.fakes import make_card, make_registry
from tests.registry_fakes import InMemoryHeldPrices, InMemoryRegistryVersions

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Console:
    versions: InMemoryRegistryVersions
    folder: Path
    held: InMemoryHeldPrices = field(default_factory=InMemoryHeldPrices)

    def run(self, *arguments: str, expect: int = 0, typed: str = "", env: Mapping[str, str] | None = None) -> Result:
        editor = EditRegistry(self.versions, lambda card: card, lambda: NOW)
        adopter = AdoptEdits(self.versions, self.versions, lambda: NOW)
        desk = RegistryDesk(editor, adopter, KeptDocuments(), "ann", self.held)
        result = CliRunner().invoke(main, list(arguments), obj=desk, input=typed, env=env)
        assert result.exit_code == expect, result.output
        return result

    def json(self, *arguments: str) -> Any:
        return json.loads(self.run(*arguments, "--json").stdout)

    def file(self, text: str) -> str:
        path = self.folder / "change.yaml"
        path.write_text(text)
        return str(path)


@pytest.fixture
def console(tmp_path: Path) -> Console:
    console = Console(InMemoryRegistryVersions(), tmp_path)
    registry = replace(make_registry([make_card("one"), make_card("two")]), version=0)
    console.versions.commit(registry, Change("seeder", NOW, "seeded"))
    return console


def test_models_are_listed_with_todays_prices(console: Console) -> None:
    listed = console.json("registry", "list")
    assert (listed["version"], listed["safe_default"]) == (1, "acme/one")
    assert [(row["id"], row["enabled"], row["usd_per_mtok_output"]) for row in listed["models"]] == [
        ("acme/one", True, "10"),
        ("acme/two", True, "10"),
    ]
    assert "acme/two" in console.run("registry", "list").stdout


def test_a_change_is_shown_first_and_made_when_asked(console: Console) -> None:
    shown = console.json("models", "disable", "acme/two")
    assert shown == {
        "base": 1,
        "written": None,
        "changes": [{"item": "acme/two", "path": "enabled", "before": None, "after": False}],
    }
    assert len(console.versions.told) == 1
    assert "dry run" in console.run("models", "disable", "acme/two").stdout
    assert console.json("models", "disable", "acme/two", "--apply", "-m", "too slow")["written"] == 2
    (newest, _) = console.json("registry", "history")["versions"]
    assert (newest["author"], newest["reason"], newest["changed"]) == ("ann", "too slow", ["acme/two"])
    assert console.json("models", "enable", "acme/two", "--apply")["written"] == 3
    assert console.json("models", "weight", "acme/two", "0.5", "--apply")["changes"][0]["after"] == 500


def test_policy_is_set_by_field(console: Console) -> None:
    made = console.json("policy", "set", "willingness_to_pay_usd=0.10", "max_attempts=2", "--apply")
    assert [(change["path"], change["after"]) for change in made["changes"]] == [
        ("willingness_to_pay_usd", "0.10"),
        ("max_attempts", 2),
    ]
    assert "policy: objective: must be one of" in console.run("policy", "set", "objective=cheap", expect=1).stderr
    assert "is not field=value" in console.run("policy", "set", "objective", expect=2).stderr


def test_what_show_prints_apply_takes_back(console: Console) -> None:
    file = console.file(console.run("registry", "show", "acme/one").stdout)
    assert console.json("registry", "apply", "-f", file)["changes"] == []
    assert yaml.safe_load(console.run("registry", "show", "policy").stdout)["policy"]["safe_default"] == "acme/one"
    assert console.json("registry", "show", "acme/one")["id"] == "acme/one"
    assert "acme/none: there is no such model" in console.run("registry", "show", "acme/none", expect=1).stderr


def test_versions_are_compared_and_gone_back_to(console: Console) -> None:
    console.run("models", "disable", "acme/two", "--apply")
    assert console.json("registry", "diff")["changes"] == console.json("registry", "diff", "1", "2")["changes"]
    assert console.json("registry", "diff", "1")["changes"][0]["after"] is False
    assert "enabled" in console.run("registry", "diff").stdout
    assert console.json("registry", "rollback", "1")["written"] is None
    assert console.json("registry", "rollback", "1", "--apply")["written"] == 3
    assert console.json("registry", "diff", "1", "3")["changes"] == []
    assert console.json("registry", "show", "acme/two", "--version", "2")["enabled"] is False
    assert "no version 9" in console.run("registry", "rollback", "9", expect=1).stderr


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("models:\n- id: acme/one\n  weight_milli: much\n", "change.yaml:3: acme/one: weight_milli:"),
        ("models:\n- id: acme/two\n- id: acme/one\n  speed:\n    ttft_ms: -1\n", "change.yaml:5: acme/one: speed.ttft"),
        (
            "models:\n- id: acme/one\n  prices:\n  - from: 2027-01-01\n    source: s\n    usd_per_mtok: {input: low}\n",
            "change.yaml:6: acme/one: prices[0].usd_per_mtok.input:",
        ),
        ("policy:\n  objective: balanced\n  safe_default: acme/none\n", "change.yaml:3: policy: safe_default:"),
        ("models: []\nremove: [x]\n", "change.yaml:2: remove: no such field"),
        ("models:\n  - id: [\n", "change.yaml:3:"),
        ("- 1\n", "change.yaml:1: must be an object"),
    ],
)
def test_an_error_names_line_and_field(console: Console, text: str, where: str) -> None:
    assert f"error: {where}" in console.run("registry", "apply", "-f", console.file(text), expect=1).stderr


def test_a_change_for_another_version_is_refused(console: Console) -> None:
    file = console.file("models: [{id: acme/two, enabled: false}]")
    console.run("models", "weight", "acme/two", "0.5", "--apply")
    assert "at version 2, not 1" in console.run("registry", "apply", "-f", file, "--base", "1", expect=1).stderr


def test_a_card_is_edited_in_the_editor_and_asked_about(console: Console) -> None:
    env = {"EDITOR": "sed -i s/^name:.*/name:\\ Uno/"}
    assert "Write it?" in console.run("registry", "edit", "acme/one", typed="n\n", env=env).stdout
    assert len(console.versions.told) == 1
    console.run("registry", "edit", "acme/one", typed="y\n", env=env)
    assert console.json("registry", "show", "acme/one")["name"] == "Uno"
    broken = {"EDITOR": "sed -i s/^context_tokens:.*/context_tokens:\\ many/"}
    assert (
        "context_tokens: must be a whole number"
        in console.run("registry", "edit", "acme/one", expect=1, env=broken).stderr
    )


def test_direct_edits_are_adopted_or_rejected(console: Console) -> None:
    console.versions.rows["acme/two"] = {**console.versions.rows["acme/two"], "weight_milli": 5}
    console.versions.rows["acme/one"] = {"id": "acme/one"}
    result = console.run("registry", "adopt", expect=1)
    assert "acme/two: adopted as version 2" in result.stdout
    assert "acme/one: rejected: acme/one: name: is missing" in result.stdout
    assert console.json("registry", "adopt") == {"version": None, "adopted": [], "rejected": {}}
