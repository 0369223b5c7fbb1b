"""`sam local invoke` on the same events, where a Docker engine, Lambda's image and a build are; skipped elsewhere.

The image is pulled by hand, or made by `local/lambda_image.sh` where it cannot be.
"""

import json
import subprocess

import pytest

from local.sam_deployment import BUILD, SAM
from local.stack import ROOT

IMAGE = "public.ecr.aws/lambda/python:3.13-x86_64"


def _has_engine() -> bool:
    try:
        return subprocess.run(["docker", "info"], capture_output=True, check=False, timeout=20).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _has_image() -> bool:
    found = subprocess.run(["docker", "image", "inspect", IMAGE], capture_output=True, check=False)
    return found.returncode == 0


pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(not _has_engine(), reason="there is no Docker engine"),
    pytest.mark.skipif(not (BUILD / "template.yaml").is_file(), reason="nothing is built: make build"),
]


def test_an_event_is_answered_whole_in_a_container() -> None:
    if not _has_image():
        pytest.skip(f"there is no image {IMAGE}: pull it, or run local/lambda_image.sh")
    options = ["--event", "events/router_unknown_path.json", "--env-vars", "local/sam_local.json", "--skip-pull-image"]
    command = [str(SAM), "local", "invoke", "RouterFunction", *options]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(ended.stdout)["statusCode"] == 404
