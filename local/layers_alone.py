"""Starts each function with nothing at hand but what was built of it and its layers, as Lambda will.

The router also reads a prompt. Finds what stripping took too much of, and tells what the router's start costs.
"""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from local.artifact_sizes import BUILT, artifact_sizes
from local.lambda_python import require_lambda_python

LAYERS = [Path(".aws-sam/build") / name for name in ("PointsmanLayer", "MetaModelLayer")]
# The region is never called; the key keeps the handler from looking for secrets.
ENVIRONMENT = {"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1", "POINTSMAN_LOCAL_KEY": "probe"}
PROBE = """
import os, runpy, sys, time
sys.path[:0] = sys.argv[1:]
runpy.run_path("functions/router/app.py")
started = time.process_time()
from aws_lambda_powertools.utilities.parameters import SSMProvider, SecretsProvider
SSMProvider(), SecretsProvider()
from pointsman.adapters.onnx_meta_model import check_release
from pointsman.bootstrap.router import load_meta_model
from pointsman.settings import Settings
settings = Settings.from_env(os.environ)
check_release(settings.meta_model_dir)
model = load_meta_model(settings)
assert not model.is_degraded, "the meta-model cannot be loaded"
model.read("Why is the sky blue?")
print(f"{started:.2f} CPU-s to start the handler")
"""

STARTING = """
import runpy, sys
sys.path[:0] = sys.argv[1:]
assert "handler" in runpy.run_path(sys.argv[1] + "/app.py")
"""


def probe_layers(layers: Sequence[Path]) -> subprocess.CompletedProcess[str]:
    return _run(PROBE, [], layers)


def start_alone(function: Path, layers: Sequence[Path]) -> subprocess.CompletedProcess[str]:
    return _run(STARTING, [str(function.resolve())], layers)


def _run(program: str, places: Sequence[str], layers: Sequence[Path]) -> subprocess.CompletedProcess[str]:
    """Isolated: no environment of ours and no site-packages of the interpreter's user."""
    packages = [str((layer / "python").resolve()) for layer in layers]
    environment = {**ENVIRONMENT, "POINTSMAN_META_MODEL_DIR": str((layers[-1] / "meta_model").resolve())}
    command = [require_lambda_python(), "-I", "-c", program, *places, *packages]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def main() -> int:
    if not all(layer.is_dir() for layer in LAYERS):
        print("nothing is built yet: run `make build` first", file=sys.stderr)
        return 1
    runs = [probe_layers(LAYERS), *_start_each(BUILT)]
    for ended in runs:
        print(ended.stdout, ended.stderr, sep="", end="")
    return max(ended.returncode for ended in runs)


def _start_each(built: Path) -> Iterator[subprocess.CompletedProcess[str]]:
    """By the template: a function has the layers that it names and no others."""
    for parts in artifact_sizes(built).values():
        function, *layers = (built.parent / part for part in parts)
        yield start_alone(function, layers)


if __name__ == "__main__":
    sys.exit(main())
