"""From a graph in floats to what ships: MatMul weights in int8 per channel, optimised ahead of loading.

A tensor as large as the encoder's embedding lies in a file of its own, EMBEDDING_FILE, which loading maps into memory.
"""

import tempfile
from pathlib import Path
from typing import Any

import onnx
import onnxruntime
from onnxruntime import quantization
from pointsman.adapters.onnx_meta_model import EMBEDDING_FILE

OWN_FILE_FROM_BYTES = 10_000_000


def export_onnx(model: onnx.ModelProto, path: Path, *, keep_float: tuple[str, ...] = ()) -> None:
    """`keep_float` names MatMul nodes that stay in float32, as every Gemm does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Quantisation makes a MatMul of this name out of each Gemm before it looks at names.
    exact = [f"{node.name}_MatMul" for node in model.graph.node if node.op_type == "Gemm"]
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        plain, quantised, made = Path(folder) / "plain.onnx", Path(folder) / "int8.onnx", Path(folder) / "made"
        tools: Any = quantization
        plain.write_bytes(model.SerializeToString())
        tools.quantize_dynamic(
            plain,
            quantised,
            op_types_to_quantize=["MatMul"],
            per_channel=True,
            weight_type=tools.QuantType.QInt8,
            nodes_to_exclude=[*keep_float, *exact],
        )
        made.mkdir()
        _optimise(quantised, made / path.name)
        # Put in place whole: another process may have the old file mapped, and would die of its being written over.
        for file in made.iterdir():
            file.replace(path.parent / file.name)


def export_floats(model: onnx.ModelProto, path: Path) -> None:
    """As it is, in float32: what quantisation is measured against."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(model.SerializeToString())


def _optimise(source: Path, target: Path) -> None:
    runtime: Any = onnxruntime
    options = runtime.SessionOptions()
    options.graph_optimization_level = runtime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(target)
    prefix = "session.optimized_model_external_initializers"
    options.add_session_config_entry(f"{prefix}_file_name", EMBEDDING_FILE)
    options.add_session_config_entry(f"{prefix}_min_size_in_bytes", str(OWN_FILE_FROM_BYTES))
    options.log_severity_level = 3
    runtime.InferenceSession(str(source), options, providers=["CPUExecutionProvider"])
