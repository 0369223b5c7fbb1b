"""What the Lambda Web Adapter starts: the served app, with what app.py sees to before it imports anything."""

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "functions" / "router" / "serve.sh"
# Stands in for Lambda's interpreter and tells what it was given.
PYTHON = """#!/bin/sh
echo "$OPENBLAS_NUM_THREADS"
echo "$PYTHONPATH"
echo "$@"
"""


def serve(folder: Path, **env: str) -> list[str]:
    python = folder / "python3"
    python.write_text(PYTHON)
    python.chmod(0o755)
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        [str(SCRIPT)], env={"PATH": path, **env}, capture_output=True, text=True, check=True
    ).stdout.splitlines()


def test_the_app_is_served_where_the_adapter_asks_for_it(tmp_path: Path) -> None:
    _, path, arguments = serve(tmp_path, AWS_LWA_PORT="9000")
    assert path == "/opt/python"
    assert "pointsman.entrypoints.served_api:create_app" in arguments
    assert "--host 127.0.0.1 --port 9000" in arguments


def test_what_is_printed_leaves_at_once_for_the_process_may_be_frozen(tmp_path: Path) -> None:
    assert serve(tmp_path)[2].split()[0] == "-u"


@pytest.mark.parametrize(("given", "threads"), [({}, "1"), ({"OPENBLAS_NUM_THREADS": "2"}, "2")])
def test_numpy_starts_no_threads_that_nobody_asked_for(tmp_path: Path, given: dict[str, str], threads: str) -> None:
    assert serve(tmp_path, **given)[0] == threads
