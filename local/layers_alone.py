"""Starts the router's code and reads a prompt with nothing but the built layers at hand, as Lambda will.

Finds what stripping took too much of, and tells what starting costs.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

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


def probe_layers(layers: Sequence[Path]) -> subprocess.CompletedProcess[str]:
    """Isolated: no environment of ours and no site-packages of the interpreter's user."""
    packages = [str((layer / "python").resolve()) for layer in layers]
    environment = {**ENVIRONMENT, "POINTSMAN_META_MODEL_DIR": str((layers[-1] / "meta_model").resolve())}
    command = [require_lambda_python(), "-I", "-c", PROBE, *packages]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def main() -> int:
    if not all(layer.is_dir() for layer in LAYERS):
        print("nothing is built yet: run `make build` first", file=sys.stderr)
        return 1
    ended = probe_layers(LAYERS)
    print(ended.stdout, ended.stderr, sep="", end="")
    return ended.returncode


if __name__ == "__main__":
    sys.exit(main())
