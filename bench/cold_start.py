"""`make bench-cold`: CPU time until the router's handler is ready, beside the bare import of its heaviest packages.

Each run is a new process under Lambda's Python with exactly the layers' packages, and byte code as the layers carry it.
The bare import is also shown without byte code, as in a layer that `sam build` makes by itself, and with what the
packages need to serve: a client for DynamoDB, one for providers, the model's session. What our handler takes above that
is our code's. The runs take turns and the least of each counts: what is above it is the machine's, not ours.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass

from local.interface_emulator import PYTHON
from local.stack import ROOT

ROUNDS = 5
TELL = "import time; print(time.process_time())"
READY = f"import runpy; runpy.run_path({str(ROOT / 'functions/router/app.py')!r}); {TELL}"


@dataclass(frozen=True, slots=True)
class Start:
    """A program that ends by printing the CPU seconds that it took."""

    name: str
    program: str
    is_compiled: bool = True


BARE = Start("import fastapi, boto3, onnxruntime", f"import fastapi, boto3, onnxruntime; {TELL}")
READIED = Start(
    "what they and aiohttp need to serve",
    "import fastapi, boto3, aiohttp, onnxruntime, os; boto3.client('dynamodb'); "
    f"onnxruntime.InferenceSession(os.environ['POINTSMAN_META_MODEL_DIR'] + '/model.onnx'); {TELL}",
)
BARE_UNCOMPILED = Start("the same without byte code", BARE.program, is_compiled=False)
OURS = Start("our handler, ready", READY)
PARTS = (
    Start("an empty interpreter", TELL),
    Start(
        "boto3 and its DynamoDB client", f"from pointsman.adapters.dynamodb.tables import connect; connect(); {TELL}"
    ),
    Start("fastapi", f"import fastapi; {TELL}"),
    Start(
        "the meta-model with its packages",
        "import os, pathlib; from pointsman.adapters.onnx_meta_model import OnnxMetaModel; "
        f"OnnxMetaModel(pathlib.Path(os.environ['POINTSMAN_META_MODEL_DIR'])); {TELL}",
    ),
)


def main() -> int:
    if not PYTHON.is_file():
        print("the layers' packages are not installed: run `make bench-cold`, which does it", file=sys.stderr)
        return 1
    starts = (BARE, BARE_UNCOMPILED, READIED, OURS, *PARTS)
    with tempfile.TemporaryDirectory() as byte_code:
        env = _environment(byte_code)
        rounds = [{start.name: _cpu_ms(start, env) for start in starts} for _ in range(ROUNDS + 1)]
    # The first only compiles.
    least = {start.name: min(figures[start.name] for figures in rounds[1:]) for start in starts}
    for name, cpu_ms in least.items():
        print(f"{name:38} {cpu_ms:7.0f} CPU-ms")
    for bare in (BARE, BARE_UNCOMPILED, READIED):
        print(f"ready, to {bare.name:34} {least[OURS.name] / least[bare.name]:7.2f}")
    return 0


def _environment(byte_code: str) -> Mapping[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT / "layers" / "pointsman"),
        "PYTHONPYCACHEPREFIX": byte_code,
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "POINTSMAN_META_MODEL_DIR": str(ROOT / "layers" / "meta_model"),
        "POINTSMAN_SECRETS_PREFIX": "/never/read",
    }


def _cpu_ms(start: Start, env: Mapping[str, str]) -> float:
    # A folder of byte code that stays empty.
    uncompiled = {} if start.is_compiled else {"PYTHONPYCACHEPREFIX": os.devnull, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [str(PYTHON), "-c", start.program]
    ended = subprocess.run(command, env={**env, **uncompiled}, capture_output=True, text=True, check=True)
    return float(ended.stdout.split()[-1]) * 1000


if __name__ == "__main__":
    sys.exit(main())
