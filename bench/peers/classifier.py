"""The classifier's own run, by itself in a process: CPU-ms to read prompts of these lengths, as JSON."""

import json
import time
from statistics import median

from pointsman.adapters.onnx_meta_model import TOKENIZER_FILE, OnnxMetaModel, load_tokenizer

from local.stack import ROOT

RELEASE = ROOT / "layers" / "meta_model"
LENGTHS = (16, 128, 512)
RUNS, WARM_UP = 40, 10
WORDS = "Please write a short but complete report on how the river changed the old town over the last century. "


def write_prompt(tokens: int) -> str:
    """A text of so many tokens of the meta-model's tokenizer."""
    tokenizer = load_tokenizer(RELEASE / TOKENIZER_FILE)
    return tokenizer.decode(tokenizer.encode(WORDS * (tokens // 10 + 1))[:tokens]).decode()


def main() -> None:
    model = OnnxMetaModel(RELEASE)
    print(json.dumps({tokens: _cpu_ms(model, write_prompt(tokens)) for tokens in LENGTHS}))


def _cpu_ms(model: OnnxMetaModel, text: str) -> float:
    spent = list[float]()
    for _ in range(WARM_UP + RUNS):
        began = time.process_time()
        model.read(text)
        spent.append((time.process_time() - began) * 1000)
    return median(spent[WARM_UP:])


if __name__ == "__main__":
    main()
