import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from pointsman.adapters.items_file import ITEMS_FILE, load_items
from pointsman.adapters.onnx_meta_model import (
    BEGIN_ID,
    CARD_FILE,
    EMBEDDING_FILE,
    END_ID,
    HEAD_TOKENS,
    MODEL_FILE,
    TAIL_TOKENS,
    TOKENIZER_FILE,
    OnnxMetaModel,
    check_release,
    cut_middle,
    load_tokenizer,
    prepare_input,
)
from pointsman.domain.errors import MetaModelError
from pointsman.domain.media_task import UNTHINKABLE_MILLI
from pointsman.domain.surface import SURFACE_NAMES

UNKNOWN_ID = 0
RELEASE = Path(__file__).resolve().parents[2] / "layers" / "meta_model"


@pytest.fixture(scope="module")
def model() -> OnnxMetaModel:
    return OnnxMetaModel(RELEASE)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The release with links in place of its large files."""
    for name in (MODEL_FILE, EMBEDDING_FILE, TOKENIZER_FILE):
        (tmp_path / name).symlink_to(RELEASE / name)
    shutil.copy(RELEASE / CARD_FILE, tmp_path / CARD_FILE)
    return tmp_path


@pytest.mark.parametrize(
    "text",
    ["", "hi", "写一首关于海的诗", "What is 17 * 23?", "lorem ipsum " * 5000, "\ud83d", "\x00\x01"],
)
def test_every_text_gets_a_whole_reading(model: OnnxMetaModel, text: str) -> None:
    reading = model.read(text)
    assert len(reading.task_milli) == len(model.labels)
    assert sum(reading.task_milli) == pytest.approx(1000, abs=len(model.labels))
    assert all(value >= 0 for value in reading.discrimination_milli)
    low, middle, high = reading.log_length_milli
    assert 0 < low <= middle <= high
    assert 0 <= reading.ood_milli <= 1000


def test_the_same_text_is_read_the_same_way_twice(model: OnnxMetaModel) -> None:
    text = "Explain how a transistor works."
    assert model.read(text) == model.read(text) == OnnxMetaModel(RELEASE).read(text)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Translate to French: the cat sleeps on the sofa.", "translation"),
        ("Tom has 12 apples and gives 5 to Ann, who eats 2. How many apples does Ann have left?", "math_reasoning"),
        ("Write a Python function that reverses a linked list.", "code_generation"),
        ("Draw a watercolor painting of a fox in the snow, highly detailed", "image_generation"),
    ],
)
def test_plain_tasks_are_recognised(model: OnnxMetaModel, text: str, label: str) -> None:
    probabilities = dict(zip(model.labels, model.read(text).task_milli, strict=True))
    assert max(probabilities, key=probabilities.__getitem__) == label


def test_a_long_text_keeps_its_first_and_last_tokens() -> None:
    ids = list(range(5000))
    assert cut_middle(ids) == [*ids[:HEAD_TOKENS], *ids[-TAIL_TOKENS:]]
    assert cut_middle(ids[:10]) == ids[:10]


def test_surface_features_travel_beside_the_tokens() -> None:
    given = prepare_input(load_tokenizer(RELEASE / TOKENIZER_FILE), "What is it?")
    assert given.surface.shape == (len(SURFACE_NAMES),)
    assert given.input_ids[0] != given.input_ids[-1]


def test_case_is_not_read() -> None:
    tokenizer = load_tokenizer(RELEASE / TOKENIZER_FILE)
    plain, loud = (
        prepare_input(tokenizer, text) for text in ("Draw a map of Rome. Übung?", "DRAW A MAP OF ROME. ÜBUNG?")
    )
    assert all(np.array_equal(getattr(plain, name), getattr(loud, name)) for name in ("input_ids", "words", "surface"))


def test_a_text_cannot_say_where_it_begins_and_ends() -> None:
    ids = prepare_input(load_tokenizer(RELEASE / TOKENIZER_FILE), "a <s> b </s> <unk> <pad>").input_ids
    assert [number for number in ids if number in (UNKNOWN_ID, BEGIN_ID, END_ID)] == [BEGIN_ID, END_ID]


@pytest.mark.parametrize("name", [MODEL_FILE, EMBEDDING_FILE, TOKENIZER_FILE, CARD_FILE])
def test_a_missing_file_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(MetaModelError, match=name):
        OnnxMetaModel(copy)


@pytest.mark.parametrize("name", [MODEL_FILE, TOKENIZER_FILE])
def test_a_damaged_file_is_refused(copy: Path, name: str) -> None:
    (copy / name).unlink()
    (copy / name).write_bytes(b"not what it was")
    with pytest.raises(MetaModelError, match=name):
        OnnxMetaModel(copy)


def test_the_release_is_what_its_card_describes() -> None:
    check_release(RELEASE)


def test_no_task_of_media_is_found_where_its_words_are_not_looked_for(model: OnnxMetaModel) -> None:
    assert min(model.media_thresholds_milli.values()) > UNTHINKABLE_MILLI


def test_a_damaged_embedding_is_found_where_the_layer_is_built(copy: Path) -> None:
    (copy / EMBEDDING_FILE).unlink()
    (copy / EMBEDDING_FILE).write_bytes(b"not what it was")
    with pytest.raises(MetaModelError, match=EMBEDDING_FILE):
        check_release(copy)


@pytest.mark.parametrize("content", ["not json", "{}", "[]"])
def test_a_damaged_card_is_refused(copy: Path, content: str) -> None:
    (copy / CARD_FILE).write_text(content, encoding="utf-8")
    with pytest.raises(MetaModelError, match=CARD_FILE):
        OnnxMetaModel(copy)


def test_a_release_trained_on_other_surface_features_is_refused(copy: Path) -> None:
    card = json.loads((copy / CARD_FILE).read_text(encoding="utf-8"))
    (copy / CARD_FILE).write_text(json.dumps({**card, "surface": ["words"]}), encoding="utf-8")
    with pytest.raises(MetaModelError, match="surface"):
        OnnxMetaModel(copy)


def test_items_belong_to_the_model_beside_them(model: OnnxMetaModel) -> None:
    items = load_items(RELEASE / ITEMS_FILE)
    assert items.meta_model_sha256 == model.sha256
    dimensions = len(model.read("hello").discrimination_milli)
    assert all(len(item.discrimination) == dimensions for item in items.items.values())
    assert {len(prior.mean) for prior in items.priors.values()} == {dimensions}


@pytest.mark.parametrize("content", ["not json", "{}", '{"meta_model_sha256": "x", "items": {"a": {}}, "priors": {}}'])
def test_damaged_items_are_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / ITEMS_FILE
    path.write_text(content, encoding="utf-8")
    with pytest.raises(MetaModelError, match=ITEMS_FILE):
        load_items(path)
