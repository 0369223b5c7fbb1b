"""The task head as ONNX nodes: from token ids, words, embedding, segments and surface features to
probabilities. Tables are kept in eight bits; the layer after them is quantised with the encoder's.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.encoder.onnx_graph import OnnxGraph
from training.heads.features import SURFACE_LIMIT, VECTOR_SCALE
from training.heads.task_features import BUCKETS, ENDS, LEFT, RIGHT, TABLES, TaskSpace
from training.heads.task_head import TaskHead
from training.heads.task_network import TaskNetwork

LEVELS = 127
END_OF_ALL = 2**31 - 1


@dataclass(frozen=True, slots=True)
class TaskInputs:
    """Names of tensors: ids [n], words [m], embedding [1, 512], segments [3, 512], surface features [1, s]."""

    ids: str
    words: str
    vector: str
    segments: str
    surface: str


def write_task(graph: OnnxGraph, inputs: TaskInputs, head: TaskHead) -> None:
    given = graph.node(
        "Concat", _write_dense(graph, inputs, head.space), *_write_bags(graph, inputs, head.network), axis=1
    )
    mapped = graph.node("MatMul", given, graph.constant("task_hidden", head.network.hidden.astype(np.float32)))
    shifted = graph.node("Add", mapped, graph.row("task_hidden_offsets", head.network.hidden_offsets))
    units = graph.node("Relu", shifted)
    output = graph.constant("task_output", (head.network.output * head.sharpness).astype(np.float32))
    offsets = graph.row("task_offsets", head.network.output_offsets * head.sharpness)
    graph.node("Softmax", graph.node("Add", graph.node("Gemm", units, output), offsets), name="task")


def _write_dense(graph: OnnxGraph, inputs: TaskInputs, space: TaskSpace) -> str:
    flat = graph.node("Reshape", inputs.segments, graph.integers("one_row", 1, -1))
    measured = graph.node("Concat", inputs.surface, flat, axis=1)
    centred = graph.node("Sub", measured, graph.row("task_mean", space.mean))
    scaled = graph.node("Div", centred, graph.row("task_sd", space.sd))
    low, high = graph.number("task_low", -SURFACE_LIMIT), graph.number("task_high", SURFACE_LIMIT)
    vector = graph.node("Mul", inputs.vector, graph.number("task_vector_scale", VECTOR_SCALE))
    return graph.node("Concat", vector, graph.node("Clip", scaled, low, high), axis=1)


def _write_bags(graph: OnnxGraph, inputs: TaskInputs, network: TaskNetwork) -> list[str]:
    """In the order of TaskFeatures.bags."""
    numbers = {"tokens": inputs.ids, "pairs": _write_pairs(graph, inputs.ids), "words": inputs.words}
    bags: list[str] = []
    for table in TABLES:
        hashed = graph.node("Mod", numbers[table], graph.integers("task_buckets", BUCKETS))
        rows = _write_lookup(graph, hashed, network.tables[table], table)
        bags.extend(_write_bag(graph, rows, part) for part in ENDS.values())
    return bags


def _write_pairs(graph: OnnxGraph, ids: str) -> str:
    left = graph.node("Mul", graph.slice(ids, axis=0, start=0, stop=-1), graph.integers("task_left", LEFT))
    right = graph.node("Mul", graph.slice(ids, axis=0, start=1, stop=END_OF_ALL), graph.integers("task_right", RIGHT))
    return graph.node("Add", left, right)


def _write_lookup(graph: OnnxGraph, hashed: str, table: NDArray[Any], name: str) -> str:
    scale = float(np.abs(table).max()) / LEVELS
    levels = np.rint(table / scale).astype(np.int8)
    rows = graph.node("Cast", graph.node("Gather", graph.constant(f"task_{name}", levels), hashed), to=1)
    return graph.node("Mul", rows, graph.number(f"task_{name}_scale", scale))


def _write_bag(graph: OnnxGraph, rows: str, part: slice) -> str:
    """Sum of the rows of one end over the root of their number."""
    stop = END_OF_ALL if part.stop is None else part.stop
    own = graph.slice(rows, axis=0, start=part.start or 0, stop=stop)
    total = graph.node("ReduceSum", own, graph.integers("int_0", 0), keepdims=1)
    length = graph.slice(graph.node("Shape", own), axis=0, start=0, stop=1)
    return graph.node("Div", total, graph.node("Sqrt", graph.node("Cast", length, to=1)))
