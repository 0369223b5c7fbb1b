"""Starts the router's code and reads a prompt with nothing but the built layers at hand, as Lambda will.

Finds what stripping took too much of, and tells what starting costs.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from local.lambda_python import require_lambda_python

LAYERS = [Path(".aws-sam/build") / name for name in ("PointsmanLayer", "MetaModelLayer")]
PROBE = """
import sys, time
model, *sys.path[:0] = sys.argv[1:]
from pathlib import Path
import pointsman.entrypoints.lambda_router
from pointsman.adapters.onnx_meta_model import OnnxMetaModel
imported = time.process_time()
reading = OnnxMetaModel(Path(model)).read("Why is the sky blue?")
print(f"{imported:.2f} CPU-s to import, {time.process_time() - imported:.2f} to load the meta-model and read a prompt")
"""


def probe_layers(layers: Sequence[Path]) -> subprocess.CompletedProcess[str]:
    """Isolated: no environment of ours and no site-packages of the interpreter's user."""
    model, packages = layers[-1] / "meta_model", [str((layer / "python").resolve()) for layer in layers]
    command = [require_lambda_python(), "-I", "-c", PROBE, str(model.resolve()), *packages]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def main() -> int:
    if not all(layer.is_dir() for layer in LAYERS):
        print("nothing is built yet: run `make build` first", file=sys.stderr)
        return 1
    ended = probe_layers(LAYERS)
    print(ended.stdout, ended.stderr, sep="", end="")
    return ended.returncode


if __name__ == "__main__":
    sys.exit(main())
