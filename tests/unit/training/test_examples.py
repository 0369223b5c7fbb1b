import json
from pathlib import Path

import pytest

from training.data.examples import FILLINGS, FOLDER, example_text, read_examples, read_rows
from training.data.material import KINDS, collect_material, read_slots
from training.data.prompts import TaskPrompt
from training.evaluation.task_report import ROUTES

HARD_SET = Path(__file__).resolve().parents[3] / "training" / "evaluation" / "hard_set.jsonl"
ENGLISH, GERMAN = "A river runs through the town. " * 8, "Ein Fluss fließt durch die kleine Stadt. " * 8


def prompt(text: str, language: str, source: str = "deepmind/xquad") -> TaskPrompt:
    return TaskPrompt(f"{text}\nWhere?", "context_qa", ("context_qa",), source, language, ("text",), "", source)


TASKS = [prompt(ENGLISH, "en"), prompt(GERMAN, "de")]


def write(folder: Path, **row: object) -> None:
    line = {"text": "x", "label": "chat_qa", "labels_ok": ["chat_qa"], "lang": "en"} | row
    (folder / "one.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")


@pytest.mark.parametrize("file", [*sorted(FOLDER.glob("*.jsonl")), HARD_SET], ids=lambda file: file.stem)
def test_every_row_has_known_labels_and_known_slots(file: Path) -> None:
    for row in read_rows(file):
        assert row["label"] in row["labels_ok"]
        assert set(row["labels_ok"]) <= ROUTES.keys()
        text = "".join([row.get("text", ""), *row.get("turns", ())])
        assert {piece.split("}}")[0] for piece in text.split("{{")[1:]} <= KINDS.keys() | read_slots().keys()


def test_the_hard_set_is_never_trained_on() -> None:
    hard = {example_text(row) for row in read_rows(HARD_SET)}
    assert not hard & {example_text(row) for file in FOLDER.glob("*.jsonl") for row in read_rows(file)}


def test_a_slot_takes_material_of_its_language(tmp_path: Path) -> None:
    write(tmp_path, text="{{passage}}\n\nKurz bitte.", lang="de")
    read = read_examples(TASKS, seed=1, folder=tmp_path)
    assert len(read) == FILLINGS
    assert all(example.text == f"{GERMAN.strip()}\n\nKurz bitte." for example in read)


def test_a_language_without_material_takes_english(tmp_path: Path) -> None:
    write(tmp_path, text="{{passage}}", lang="cy")
    assert {example.text for example in read_examples(TASKS, seed=1, folder=tmp_path)} == {ENGLISH.strip()}


def test_turns_are_filled_and_joined_as_the_service_would(tmp_path: Path) -> None:
    row = {"turns": ["{{passage}}", "go on"], "label": "chat_qa", "labels_ok": ["chat_qa"], "lang": "de"}
    (tmp_path / "one.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    assert {e.text for e in read_examples(TASKS, seed=1, folder=tmp_path)} == {f"{GERMAN.strip()}\ngo on"}


def test_a_plain_line_is_read_once_and_names_its_file_as_source(tmp_path: Path) -> None:
    write(tmp_path, text="hello")
    assert [(e.text, e.source) for e in read_examples(TASKS, seed=1, folder=tmp_path)] == [("hello", "examples/one")]


def test_a_row_without_a_label_is_named_by_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "one.jsonl").write_text('{"text": "x", "lang": "en"}\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"one\.jsonl:1 has no label"):
        read_examples(TASKS, seed=1, folder=tmp_path)


def test_an_unknown_slot_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, text="{{nothing}}")
    with pytest.raises(KeyError):
        read_examples(TASKS, seed=1, folder=tmp_path)


def test_material_is_found_where_the_form_is_known() -> None:
    captions = [TaskPrompt("sound of a dog barking twice", "", (), "cdjkim/audiocaps", "en", (), "", "")]
    assert collect_material(captions).of("caption", "en") == ["a dog barking twice"]
