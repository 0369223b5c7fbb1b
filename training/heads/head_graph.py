"""The heads as ONNX nodes behind the encoder: one run from ids and surface features to all readings."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from pointsman.domain.surface import SURFACE_NAMES

from training.encoder.encoder_graph import read_encoder_weights, write_encoder
from training.encoder.make_encoder import flatten_ids
from training.encoder.onnx_graph import OnnxGraph, float_tensor, int64_tensor
from training.heads.all_heads import Heads
from training.heads.familiarity import Familiarity
from training.heads.features import SHARPNESS, SURFACE_LIMIT, SURFACE_SCALE, VECTOR_SCALE, FeatureSpace
from training.heads.length_head import LengthHead
from training.heads.quality_head import QualityHead
from training.heads.task_graph import TaskInputs, write_task


def build_model(heads: Heads) -> onnx.ModelProto:
    graph = OnnxGraph()
    ids = flatten_ids(graph)
    vector, segments = write_encoder(graph, ids, read_encoder_weights())
    surface = _write_surface(graph, heads.space)
    plain = graph.node("Concat", _scaled(graph, vector, "vector_scale", VECTOR_SCALE), surface, axis=1)
    features = write_features(graph, vector, surface, heads.space)
    write_task(graph, TaskInputs(ids, flatten_ids(graph, "words"), vector, segments, "surface"), heads.task)
    known = _write_familiarity(graph, vector, heads.known_outcomes, "outcomes")
    _write_quality(graph, features, known, heads.quality)
    _write_length(graph, plain, known, heads.length)
    _write_strangeness(graph, vector, heads.known_prompts)
    return graph.model(
        inputs=[
            int64_tensor("input_ids", 1, "tokens"),
            int64_tensor("words", 1, "words"),
            float_tensor("surface", 1, len(SURFACE_NAMES)),
        ],
        outputs=[
            float_tensor("task", 1, len(heads.task.labels)),
            float_tensor("discrimination", 1, heads.quality.dimensions),
            float_tensor("difficulty", 1, 1),
            float_tensor("log_length", 1, 3),
            float_tensor("ood", 1, 1),
        ],
    )


def _write_surface(graph: OnnxGraph, space: FeatureSpace) -> str:
    centred = graph.node("Sub", "surface", graph.row("surface_mean", space.surface_mean))
    scaled = graph.node("Div", centred, graph.row("surface_sd", space.surface_sd))
    low, high = graph.number("surface_low", -SURFACE_LIMIT), graph.number("surface_high", SURFACE_LIMIT)
    return graph.node("Clip", scaled, low, high)


def write_features(graph: OnnxGraph, vector: str, surface: str, space: FeatureSpace) -> str:
    """What FeatureSpace.features gives, from an embedding and its scaled surface."""
    cosine = _write_cosine(graph, vector, "centres", space.centres)
    above = graph.node("Sub", cosine, graph.row("centre_halves", (space.centres**2).sum(axis=1) / 2))
    nearness = _scaled(graph, above, "sharpness", SHARPNESS)
    groups = _write_memberships(graph, nearness, space.sizes)
    raw = graph.node("Concat", groups, _scaled(graph, surface, "surface_scale", SURFACE_SCALE), axis=1)
    return graph.node("Sub", raw, graph.row("feature_mean", space.mean))


def _write_memberships(graph: OnnxGraph, nearness: str, sizes: Sequence[int]) -> str:
    """A softmax over each clustering: one for all of them takes a third of the nodes, and each node its time."""
    above = graph.node("Sub", nearness, graph.node("ReduceMax", nearness, axes=[1], keepdims=1))
    powers, clusterings = graph.node("Exp", above), np.repeat(np.eye(len(sizes)), sizes, axis=0)
    totals = _write_product(graph, powers, "clusterings", clusterings)
    spread = graph.node("Gemm", totals, "clusterings", transB=1)
    return graph.node("Div", powers, spread)


def _write_quality(graph: OnnxGraph, features: str, known: str, head: QualityHead) -> None:
    mapped = _write_product(graph, features, "quality_weights", head.weights)
    raw = graph.node("Add", graph.node("Mul", mapped, known), graph.row("quality_offsets", head.offsets))
    graph.node("Softplus", graph.slice(raw, axis=1, start=0, stop=head.dimensions), name="discrimination")
    graph.node("Identity", graph.slice(raw, axis=1, start=head.dimensions, stop=2**31 - 1), name="difficulty")


def _write_length(graph: OnnxGraph, plain: str, known: str, head: LengthHead) -> None:
    mapped = graph.node("Mul", _write_product(graph, plain, "length_weights", head.weights[:, None]), known)
    graph.node("Add", mapped, graph.row("length_offsets", np.array(head.spread) + head.offset), name="log_length")


def _write_strangeness(graph: OnnxGraph, vector: str, known_prompts: Familiarity) -> None:
    known = _write_familiarity(graph, vector, known_prompts, "prompts")
    graph.node("Sub", graph.number("one", 1.0), known, name="ood")


def _write_familiarity(graph: OnnxGraph, vector: str, known: Familiarity, name: str) -> str:
    cosine = _write_cosine(graph, vector, f"known_{name}", known.landmarks)
    nearest = graph.node("ReduceMax", cosine, axes=[1], keepdims=1)
    above = graph.node("Sub", nearest, graph.number(f"threshold_{name}", known.threshold))
    return graph.node("Sigmoid", graph.node("Div", above, graph.number(f"steepness_{name}", known.steepness)))


def _write_product(graph: OnnxGraph, rows: str, name: str, weight: NDArray[Any]) -> str:
    """Gemm, which export leaves in floats: what a head weighs is small, and eight bits would move a quality by 0.02."""
    return graph.node("Gemm", rows, graph.constant(name, weight.astype(np.float32)))


def _write_cosine(graph: OnnxGraph, vector: str, name: str, places: NDArray[Any]) -> str:
    """With many places at once: large, and in eight bits near enough (a quality moves by 0.003 at most)."""
    return graph.node("MatMul", vector, graph.constant(name, places.T.astype(np.float32)))


def _scaled(graph: OnnxGraph, tensor: str, name: str, factor: float) -> str:
    return graph.node("Mul", tensor, graph.number(name, factor))
