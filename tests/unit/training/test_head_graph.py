"""The heads' nodes give what the heads themselves give."""

from pathlib import Path

import numpy as np
from pointsman.adapters.onnx_meta_model import open_session

from training.encoder.embeddings import Embedded, join_runs
from training.encoder.export_onnx import export_floats, export_onnx
from training.encoder.onnx_graph import OnnxGraph, float_tensor
from training.heads.features import fit_feature_space
from training.heads.head_graph import write_features

PROMPTS, DIMENSIONS, SURFACE = 400, 16, 3


def test_memberships_are_those_of_the_feature_space(tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    vectors = random.normal(size=(PROMPTS, DIMENSIONS)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    surfaces = random.random((PROMPTS, SURFACE)).astype(np.float32)
    runs = join_runs([np.zeros(1, dtype=np.int64)] * PROMPTS)
    embedded = Embedded(vectors, vectors.astype(np.float16), surfaces, tokens=runs, words=runs)
    space = fit_feature_space(embedded, seed=1)
    graph = OnnxGraph()
    graph.node("Identity", write_features(graph, "vector", "surface", space), name="features")
    model = graph.model(
        inputs=[float_tensor("vector", 1, DIMENSIONS), float_tensor("surface", 1, SURFACE)],
        outputs=[float_tensor("features", 1, len(space.mean))],
    )
    export_floats(model, tmp_path / "features.onnx")
    session, scaled, expected = (
        open_session(tmp_path / "features.onnx"),
        space.surface(embedded),
        space.features(embedded),
    )
    for row in range(0, PROMPTS, 40):
        feed = {"vector": vectors[[row]], "surface": scaled[[row]].astype(np.float32)}
        assert np.allclose(session.run(["features"], feed)[0][0], expected[row], atol=1e-5)


def test_a_product_of_a_head_stays_exact_where_the_encoder_is_quantised(tmp_path: Path) -> None:
    random = np.random.default_rng(4)
    weights, row = random.normal(size=(DIMENSIONS, SURFACE)), random.normal(size=(1, DIMENSIONS)).astype(np.float32)
    graph = OnnxGraph()
    graph.node("Gemm", "row", graph.constant("weights", weights.astype(np.float32)), name="product")
    model = graph.model(inputs=[float_tensor("row", 1, DIMENSIONS)], outputs=[float_tensor("product", 1, SURFACE)])
    export_onnx(model, tmp_path / "product.onnx")
    product = open_session(tmp_path / "product.onnx").run(["product"], {"row": row})[0]
    assert np.allclose(product, row @ weights, atol=1e-5)
