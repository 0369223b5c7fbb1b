"""The task head on tiny data: what it learns, that it repeats itself, and that the graph says what numpy says."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pointsman.adapters.onnx_meta_model import open_session

from training.arrays import Integers
from training.data.prompts import TaskPrompt
from training.encoder.embeddings import Embedded, join_runs
from training.encoder.onnx_graph import OnnxGraph, float_tensor, int64_tensor
from training.heads.adam import Adam
from training.heads.task_features import BUCKETS, ENDS, TABLES, fit_task_space
from training.heads.task_graph import TaskInputs, write_task
from training.heads.task_head import TaskHead, TaskRecipe, fit_task_head
from training.heads.task_network import NetworkSettings, fit_network

SMALL = NetworkSettings(hidden=8, table_size=4, dropout=0.1, epochs=30, batch=16, learning_rate=2e-2)
LABELS = ("chat_qa", "summarization")


def embed(rows: int, *, told_by: str = "") -> tuple[Embedded, Integers]:
    """Noise in every feature, but in `told_by` the label of each row."""
    random = np.random.default_rng(0)
    targets = np.arange(rows) % 2
    surfaces = random.normal(size=(rows, 3)).astype(np.float32)
    if told_by == "surface":
        surfaces[:, 1] += 4 * targets
    runs: list[NDArray[np.int64]] = [random.integers(10, 60, random.integers(3, 30)) for _ in range(rows)]
    words = [run.copy() for run in runs]
    for target, tokens, own in zip(targets, runs, words, strict=True):
        if told_by == "tokens":
            tokens[-2] = 100_000 + target
        if told_by == "words":
            own[0] = 5 + target
    vectors = random.normal(size=(rows, 4)).astype(np.float32)
    segments = random.normal(size=(rows, 6)).astype(np.float16)
    return Embedded(vectors, segments, surfaces, join_runs(runs), join_runs(words)), targets


def fit(embedded: Embedded, targets: Integers, seed: int = 3) -> TaskHead:
    names = [LABELS[int(target)] for target in targets]
    prompts = [TaskPrompt("", name, (name,), "s", "en", (), "", "s") for name in names]
    recipe = TaskRecipe(LABELS, fit_task_space(embedded), seed, SMALL)
    return fit_task_head(recipe.space.features(embedded), prompts, recipe)


@pytest.mark.parametrize("told_by", ["surface", "tokens", "words"])
def test_what_tells_the_labels_apart_is_learned(told_by: str) -> None:
    embedded, targets = embed(120, told_by=told_by)
    head = fit(embedded, targets)
    assert (head.log_odds(head.space.features(embedded)).argmax(axis=1) == targets).mean() > 0.9


def test_one_seed_gives_one_network() -> None:
    embedded, targets = embed(40)
    one, same, other = (fit(embedded, targets, seed) for seed in (1, 1, 2))
    assert np.array_equal(one.network.hidden, same.network.hidden)
    assert np.array_equal(one.network.tables["words"], same.network.tables["words"])
    assert not np.array_equal(one.network.hidden, other.network.hidden)


def test_a_row_of_weight_nought_is_never_learned() -> None:
    embedded, targets = embed(200, told_by="surface")
    features = fit_task_space(embedded).features(embedded)
    wanted = np.eye(2, dtype=np.float32)[1 - targets]
    wanted[:100] = np.eye(2, dtype=np.float32)[targets[:100]]
    weights = np.repeat([1.0, 0.0], 100)
    network = fit_network(features, wanted, weights=weights, settings=SMALL, seed=0)
    assert (network.logits(features).argmax(axis=1) == targets).mean() > 0.7


def test_bags_hold_the_whole_and_its_ends_at_unit_length() -> None:
    tokens, zeros = join_runs([np.arange(1, 41)]), np.zeros((1, 2), dtype=np.float32)
    embedded = Embedded(zeros, zeros.astype(np.float16), zeros, tokens, tokens)
    bags = fit_task_space(embedded).features(embedded).bags
    assert list(bags) == [(table, end) for table in TABLES for end in ENDS]
    assert [bags["words", end].nnz for end in ENDS] == [40, 12, 16]
    assert all(np.isclose((bag.toarray() ** 2).sum(), 1) for bag in bags.values())
    assert bags["pairs", "whole"].shape == (1, BUCKETS)


def test_the_graph_says_what_the_head_says(tmp_path: Path) -> None:
    embedded, targets = embed(60, told_by="words")
    head = fit(embedded, targets)
    graph = OnnxGraph()
    write_task(graph, TaskInputs("ids", "words", "vector", "segments", "surface"), head)
    model = graph.model(
        inputs=[
            int64_tensor("ids", "n"),
            int64_tensor("words", "m"),
            float_tensor("vector", 1, 4),
            float_tensor("segments", 3, 2),
            float_tensor("surface", 1, 3),
        ],
        outputs=[float_tensor("task", 1, 2)],
    )
    (tmp_path / "task.onnx").write_bytes(model.SerializeToString())
    session = open_session(tmp_path / "task.onnx")
    expected = np.exp(head.log_odds(head.space.features(embedded)))
    for row, (tokens, words) in enumerate(zip(embedded.tokens, embedded.words, strict=True)):
        feed = {
            "ids": tokens.astype(np.int64),
            "words": words.astype(np.int64),
            "vector": embedded.vectors[row : row + 1],
            "segments": embedded.segments[row].astype(np.float32).reshape(3, 2),
            "surface": embedded.surfaces[row : row + 1],
        }
        assert np.allclose(session.run(["task"], feed)[0][0], expected[row], atol=0.02)


def test_rows_that_no_batch_touched_stay() -> None:
    table = np.ones((4, 2), dtype=np.float32)
    adam = Adam({"table": table}, weight_decay=0.0)
    adam.begin_step(0.1)
    adam.move_rows("table", np.array([1, 3]), np.ones((2, 2), dtype=np.float32))
    assert np.array_equal(table[[0, 2]], np.ones((2, 2)))
    assert np.allclose(table[[1, 3]], 0.9, atol=1e-5)
