"""all-MiniLM-L6-v2 as an int8 ONNX graph, from the weights of its package: what our encoder is timed against."""

import json
import struct
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.encoder.export_onnx import export_onnx
from training.encoder.onnx_graph import OnnxGraph, float_tensor, int64_tensor

LAYERS, HEADS, SIZE = 6, 12, 384
EPSILON = 1e-12

Weights = Mapping[str, NDArray[np.float32]]


def read_safetensors(file: Path) -> Weights:
    """All tensors of 32-bit floats."""
    data = file.read_bytes()
    (size,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + size])
    return {
        name: np.frombuffer(data[8 + size :][slice(*entry["data_offsets"])], dtype=np.float32).reshape(entry["shape"])
        for name, entry in header.items()
        if entry.get("dtype") == "F32"
    }


def export_minilm(weights: Weights, path: Path) -> None:
    graph = OnnxGraph()
    rows = _write_embeddings(graph, weights)
    for layer in range(LAYERS):
        rows = _write_layer(graph, rows, weights, f"encoder.layer.{layer}")
    mean = graph.node("ReduceMean", rows, axes=[0], keepdims=1)
    graph.node("Div", mean, graph.node("ReduceL2", mean, axes=[1], keepdims=1), name="embedding")
    inputs, outputs = [int64_tensor("input_ids", 1, "tokens")], [float_tensor("embedding", 1, SIZE)]
    export_onnx(graph.model(inputs=inputs, outputs=outputs), path)


def _write_embeddings(graph: OnnxGraph, weights: Weights) -> str:
    ids = graph.node("Reshape", "input_ids", graph.integers("flat", -1))
    words = graph.node("Gather", graph.constant("words", weights["embeddings.word_embeddings.weight"]), ids)
    places = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
    bounds = [graph.integers("zero", 0), graph.node("Shape", ids), graph.integers("zero", 0)]
    own = graph.node("Slice", graph.constant("places", places), *bounds)
    return _write_norm(graph, graph.node("Add", words, own), weights, "embeddings.LayerNorm")


def _write_layer(graph: OnnxGraph, rows: str, weights: Weights, name: str) -> str:
    attended = _write_attention(graph, rows, weights, f"{name}.attention")
    mixed = graph.node("Add", attended, rows)
    normed = _write_norm(graph, mixed, weights, f"{name}.attention.output.LayerNorm")
    wide = _write_gelu(graph, _write_linear(graph, normed, weights, f"{name}.intermediate.dense"))
    narrow = _write_linear(graph, wide, weights, f"{name}.output.dense")
    return _write_norm(graph, graph.node("Add", narrow, normed), weights, f"{name}.output.LayerNorm")


def _write_attention(graph: OnnxGraph, rows: str, weights: Weights, name: str) -> str:
    query, key, value = (
        _write_heads(graph, _write_linear(graph, rows, weights, f"{name}.self.{part}"))
        for part in ("query", "key", "value")
    )
    scores = graph.node("MatMul", query, graph.node("Transpose", key, perm=[0, 2, 1]))
    shares = graph.node("Softmax", graph.node("Mul", scores, graph.number("scale", (SIZE // HEADS) ** -0.5)), axis=-1)
    mixed = graph.node("Transpose", graph.node("MatMul", shares, value), perm=[1, 0, 2])
    joined = graph.node("Reshape", mixed, graph.integers("joined", -1, SIZE))
    return _write_linear(graph, joined, weights, f"{name}.output.dense")


def _write_heads(graph: OnnxGraph, rows: str) -> str:
    split = graph.node("Reshape", rows, graph.integers("split", -1, HEADS, SIZE // HEADS))
    return graph.node("Transpose", split, perm=[1, 0, 2])


def _write_gelu(graph: OnnxGraph, rows: str) -> str:
    bent = graph.node("Erf", graph.node("Mul", rows, graph.number("root_half", 0.5**0.5)))
    share = graph.node("Mul", graph.node("Add", bent, graph.number("one", 1.0)), graph.number("half", 0.5))
    return graph.node("Mul", rows, share)


def _write_linear(graph: OnnxGraph, rows: str, weights: Weights, name: str) -> str:
    mapped = graph.node("MatMul", rows, graph.constant(f"{name}.weight", weights[f"{name}.weight"].T))
    return graph.node("Add", mapped, graph.constant(f"{name}.bias", weights[f"{name}.bias"]))


def _write_norm(graph: OnnxGraph, rows: str, weights: Weights, name: str) -> str:
    gain, shift = (graph.constant(f"{name}.{part}", weights[f"{name}.{part}"]) for part in ("weight", "bias"))
    return graph.node("LayerNormalization", rows, gain, shift, axis=-1, epsilon=EPSILON)
