"""Folders of YAML become cards; what is wrong in them is named by file, model and field."""

import shutil
from pathlib import Path

import pytest
from pointsman.adapters.registry_yaml import read_cards
from pointsman.domain.errors import RegistryError

SCHEMA = Path(__file__).parents[2] / "registry" / "schema.json"
ONE = """\
models:
  - id: acme/one
    name: One
    kind: chat
    class: main
    released: 2026-09-01
    endpoints:
      - {provider: acme, upstream_model: one-1}
    context_tokens: 1000000
    max_output_tokens: 64000
    tokenizer: o200k
    input_modalities: [text]
    output_modalities: [text]
    features: [streaming]
    parameters: [temperature]
    prices:
      - from: 2026-09-01
        usd_per_mtok: {input: "2.00", output: "10.00"}
        source: made up
        checked: 2026-11-22
    speed: {ttft_ms: 500, tokens_per_s: 100, source: made up}
    evidence: []
    sources: [made up]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(SCHEMA, tmp_path)
    return tmp_path


def write(folder: Path, text: str, *, name: str = "acme.yaml") -> None:
    (folder / name).write_text(text, encoding="utf-8")


def test_files_are_read_in_the_order_of_their_names(folder: Path) -> None:
    write(folder, ONE.replace("acme/one", "zeta/one"), name="zeta.yaml")
    write(folder, ONE)
    assert [card.id for card in read_cards(folder)] == ["acme/one", "zeta/one"]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("class: main", "class: giant", "acme.yaml: acme/one.class: 'giant' is not one of"),
        ('"2.00"', "2.00", "acme.yaml: acme/one.prices.0.usd_per_mtok.input: 2.0 is not of type 'string'"),
        ("features: [streaming]", "features: [magic]", "acme.yaml: acme/one.features.0: 'magic' is not one of"),
        ("tokenizer:", "tokeniser:", "acme.yaml: acme/one: "),
        ("models:", "model:", "acme.yaml: the file: "),
        ("id: acme/one", "id: One", "acme.yaml: One.id: 'One' does not match"),
        ("name: One", "name: One\n    name: Two", "acme.yaml:4: 'name' stands twice"),
        ("[text]", "[text", "acme.yaml:13: expected ',' or ']'"),
        ("checked: 2026-11-22", "checked: today", "acme.yaml: acme/one.prices.0.checked: 'today' does not match"),
    ],
)
def test_a_fault_is_named_by_file_and_place(folder: Path, old: str, new: str, complaint: str) -> None:
    write(folder, ONE.replace(old, new, 1))
    with pytest.raises(RegistryError) as refused:
        read_cards(folder)
    assert str(refused.value).startswith(complaint)


def test_what_the_schema_cannot_see_is_refused_too(folder: Path) -> None:
    write(folder, ONE.replace("released: 2026-09-01", "released: 2026-02-31"))
    with pytest.raises(RegistryError, match="acme/one: released: must be a day"):
        read_cards(folder)


def test_a_model_may_stand_in_the_registry_once_only(folder: Path) -> None:
    write(folder, ONE)
    write(folder, ONE, name="again.yaml")
    with pytest.raises(RegistryError, match="acme/one: id: stands in the registry twice"):
        read_cards(folder)


def test_an_empty_file_is_refused(folder: Path) -> None:
    write(folder, "")
    with pytest.raises(RegistryError, match=r"acme\.yaml: the file: None is not of type 'object'"):
        read_cards(folder)
