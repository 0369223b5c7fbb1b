"""`make bench-first-request`: CPU time of the first requests of a new process, the function's handler called in it.

Under Lambda's Python with exactly the layers' packages, byte code at hand, on the local stack with simulated providers.
The second request shows what of the first is that it is the first.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from statistics import median

from bench.peers.contestants import isolated_environment
from local.folders import Folders
from local.foundation import foundation
from local.interface_emulator import PYTHON
from local.invoke import function_environment
from local.report import Report
from local.stack import ROOT, Stack

PROCESSES, REQUESTS = 4, 3
ROUTER = ROOT / "functions" / "router"
EVENT = ROOT / "events" / "router_text.json"
ASK = f"""
import json, runpy, time
handler = runpy.run_path({str(ROUTER / "app.py")!r})["handler"]
event, spent = json.load(open({str(EVENT)!r})), []
for _ in range({REQUESTS}):
    began = time.process_time()
    assert handler(event, None)["statusCode"] == 200
    spent.append((time.process_time() - began) * 1000)
print(json.dumps(spent))
"""


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, _up(Path(folder)) as stack:
        env = function_environment(ROUTER, stack) | {
            "PYTHONPATH": str(ROOT / "layers" / "pointsman"),
            "PYTHONPYCACHEPREFIX": f"{folder}/byte-code",
        }
        processes = [_ask(env) for _ in range(PROCESSES + 1)]
    # The first only compiles.
    for number, spent_ms in enumerate(zip(*processes[1:], strict=True), start=1):
        print(
            f"request {number} of a process {median(spent_ms):7.1f} CPU-ms ({min(spent_ms):.1f} to {max(spent_ms):.1f})"
        )
    return 0


def _up(folder: Path) -> AbstractContextManager[Stack]:
    return foundation(isolated_environment(), Folders(folder), Report())


def _ask(env: Mapping[str, str]) -> list[float]:
    ended = subprocess.run([str(PYTHON), "-c", ASK], env=env, capture_output=True, text=True, check=True)
    return json.loads(ended.stdout.splitlines()[-1])


if __name__ == "__main__":
    sys.exit(main())
