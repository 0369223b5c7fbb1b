"""openai-python's own tests of the resources that Pointsman serves, against the whole of Pointsman over loopback."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from local import ministack
from local.stack import ROOT
from tests.system.test_run import Run

SUITE = ROOT / ".venvs" / "client-openai-suite"
CLIENTS = Path(__file__).with_name("clients")
RESOURCES = (
    "chat",
    "responses",
    "audio",
    "test_responses.py",
    "test_embeddings.py",
    "test_images.py",
    "test_videos.py",
    "test_models.py",
)
# Its own settings and ours for it, not those of our tests.
SETTINGS = (
    *("-q", "-c", os.devnull, "--tb=line", "-p", "no:cacheprovider", "-p", "plugin", "--asyncio-mode=auto"),
    "--override-ini=asyncio_default_fixture_loop_scope=session",
)

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(not (SUITE / "tests").exists(), reason="its tests are not unpacked: make openai-resource-tests"),
    pytest.mark.skipif(not ministack.PYTHON.exists(), reason=f"the emulator is not installed: {ministack.SETUP}"),
]


def test_openais_own_resource_tests_pass(tmp_path: Path) -> None:
    run = Run(tmp_path)
    try:
        run.start()
        told = run_suite(f"{run.url}/v1")
    finally:
        run.close()
    print(told)
    counts = json.loads(told.splitlines()[-2])
    assert counts["failed"] == 0
    assert counts["passed"] >= 263


def run_suite(url: str) -> str:
    resources = [f"tests/api_resources/{name}" for name in RESOURCES]
    done = subprocess.run(
        [str(SUITE / "bin" / "python"), "-m", "pytest", *SETTINGS, "--rootdir", str(SUITE), *resources],
        cwd=SUITE,
        env={**os.environ, "TEST_API_BASE_URL": url, "PYTHONPATH": f"{CLIENTS}:{CLIENTS / 'openai_suite'}"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
