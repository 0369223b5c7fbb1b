"""`sam local` on what was built, where a Docker engine, Lambda's image and a build are; skipped elsewhere.

The image is pulled by hand, or made by `local/lambda_image.sh` where it cannot be.
"""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from local import ports
from local.sam_deployment import BUILD, SAM
from local.sam_local import IMAGE, TEMPLATE
from local.stack import ROOT


def _has_engine() -> bool:
    try:
        return subprocess.run(["docker", "info"], capture_output=True, check=False, timeout=20).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _has_image() -> bool:
    if not _has_engine():
        return False
    found = subprocess.run(["docker", "image", "inspect", IMAGE], capture_output=True, check=False)
    return found.returncode == 0


pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(not _has_engine(), reason="there is no Docker engine"),
    pytest.mark.skipif(not _has_image(), reason=f"there is no image {IMAGE}: pull it, or run local/lambda_image.sh"),
    pytest.mark.skipif(not (BUILD / "template.yaml").is_file(), reason="nothing is built: make build"),
]


def test_an_event_is_answered_whole_in_a_container() -> None:
    options = ["--event", "events/router_unknown_path.json", "--env-vars", "local/sam_local.json", "--skip-pull-image"]
    command = [str(SAM), "local", "invoke", "RouterFunction", *options]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(ended.stdout)["statusCode"] == 404


@dataclass(frozen=True, slots=True)
class Served:
    url: str
    key: str

    def ask(self, *, key: str, stream: bool = False) -> httpx.Response:
        body = {"model": "auto", "messages": [{"role": "user", "content": "Hello!"}], "stream": stream}
        headers = {"authorization": f"Bearer {key}"}
        url = f"{self.url}/v1/chat/completions"
        return httpx.post(url, json=body, headers=headers, timeout=120, trust_env=False)


@pytest.fixture(scope="module")
def served() -> Generator[Served, None, None]:
    port = ports.pick_any()
    command = [sys.executable, "-m", "local.start_api"]
    env = {**os.environ, "PORT": str(port)}
    running = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    told = ""
    for line in running.stdout:
        told += line
        if "Ctrl-C" in line:
            break
    key = re.search(r"Bearer (pm-[\w-]+)", told)
    assert key is not None, told
    yield Served(f"http://127.0.0.1:{port}", key.group(1))
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=60)


def test_start_api_answers_whoever_has_a_key(served: Served) -> None:
    answer, streamed = served.ask(key=served.key), served.ask(key=served.key, stream=True)
    assert answer.json()["choices"][0]["finish_reason"] == "stop"
    assert streamed.text.endswith("data: [DONE]\n\n")
    assert served.ask(key="pm-of-nobody-at-all").status_code == 401


def test_an_event_with_a_key_is_answered_on_the_same_stack(served: Served, tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text((ROOT / "events" / "router_text.json").read_text().replace("Bearer dev", f"Bearer {served.key}"))
    options = ["--event", str(event), "--skip-pull-image", "--add-host", "host.docker.internal:host-gateway"]
    command = [str(SAM), "local", "invoke", "RouterFunction", "--template", str(TEMPLATE), *options]
    test_keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "eu-west-1"}
    ended = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **test_keys}, capture_output=True, text=True, check=True
    )
    assert json.loads(ended.stdout)["statusCode"] == 200
