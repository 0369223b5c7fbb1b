"""The encoder alone, as the heads are trained on it: a graph from ids to embedding, in int8, and its tokenizer."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from onnx import ModelProto
from pointsman.adapters.onnx_meta_model import TOKENIZER_FILE

from training.encoder.encoder_graph import EMBEDDING_DIMS, SEGMENTS, read_encoder_weights, write_encoder
from training.encoder.export_onnx import export_onnx
from training.encoder.onnx_graph import OnnxGraph, float_tensor, int64_tensor
from training.encoder.tokenizer_file import build_tokenizer


@dataclass(frozen=True, slots=True)
class Encoder:
    graph: Path
    tokenizer: Path


def make_encoder(directory: Path, *, export: Callable[[ModelProto, Path], None] = export_onnx) -> Encoder:
    directory.mkdir(parents=True, exist_ok=True)
    encoder = Encoder(directory / "encoder.onnx", directory / TOKENIZER_FILE)
    graph = OnnxGraph()
    embedding, segments = write_encoder(graph, flatten_ids(graph), read_encoder_weights())
    graph.node("Identity", embedding, name="embedding")
    graph.node("Identity", segments, name="segments")
    model = graph.model(
        inputs=[int64_tensor("input_ids", 1, "tokens")],
        outputs=[
            float_tensor("embedding", 1, EMBEDDING_DIMS),
            float_tensor("segments", SEGMENTS, EMBEDDING_DIMS),
        ],
    )
    export(model, encoder.graph)
    build_tokenizer().to_file(str(encoder.tokenizer))
    return encoder


def flatten_ids(graph: OnnxGraph, name: str = "input_ids") -> str:
    return graph.node("Reshape", name, graph.integers("int_minus_1", -1))
