"""Who is compared: how each is started, and how it is asked. All stand before the same upstream."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pointsman.adapters.providers.spec import load_catalog

from bench.peers.ours import CLOCK_VARIABLE
from local.folders import Folders
from local.foundation import supervised
from local.ports import LOOPBACK, pick
from local.report import Report
from local.service import Service
from local.stack import ROOT, SERVED_APP, Stack, plan_stack

PATH = "/v1/chat/completions"
MODEL = "gpt-6-luna"
LITELLM_KEY = "sk-a-long-key-for-this-run-alone"
LITELLM = ROOT / ".venvs" / "peer-litellm" / "bin" / "litellm"
CLOCKED_APP = "bench.peers.ours:create_app"
PORTKEY = ROOT / "bench" / "peers" / "node_modules" / "@portkey-ai" / "gateway" / "build" / "start-server.js"


@dataclass(frozen=True, slots=True)
class Contestant:
    """`pid` is the root of its processes; None for the upstream itself, asked without a gateway.

    `classifier_clock` is the file that tells what its classifier spent, of one that has such.
    """

    name: str
    url: str
    model: str
    headers: Mapping[str, str]
    pid: int | None
    classifier_clock: Path | None = None


@contextmanager
def contestants(folder: Path) -> Generator[tuple[Contestant, ...], None, None]:
    """Direct, Pointsman, Portkey, LiteLLM and a bare pass-through, up and running."""
    folders, port = Folders(folder), pick(18_190)
    upstream = f"http://{LOOPBACK}:{port}/v1"
    stack = plan_stack(isolated_environment(), folders)
    assert stack.emulator is not None
    clock = folder / "classifier-clock"
    ours, portkey, litellm = (
        _ours(stack, upstream, clock),
        _portkey(pick(18_191)),
        _litellm(pick(18_192), upstream, folder),
    )
    bare = _bare(pick(18_193), upstream)
    with supervised(folders, Report()) as supervisor:
        supervisor.start([_upstream(port), stack.emulator])
        for task in stack.tasks:
            supervisor.run(task)
        key = _create_key(ours)
        running = supervisor.start([ours, portkey, litellm, bare])
        bearer, theirs = {"authorization": "Bearer simulated"}, {"authorization": f"Bearer {LITELLM_KEY}"}
        by_header = {**bearer, "x-portkey-provider": "openai", "x-portkey-custom-host": upstream}
        yield (
            Contestant("direct", f"http://{LOOPBACK}:{port}{PATH}", MODEL, bearer, None),
            Contestant(
                "Pointsman", stack.url + PATH, "auto", {"authorization": f"Bearer {key}"}, running[0].pid, clock
            ),
            Contestant("Portkey", _url(portkey) + PATH, MODEL, by_header, running[1].pid),
            Contestant("LiteLLM", _url(litellm) + PATH, MODEL, theirs, running[2].pid),
            Contestant("bare", _url(bare) + PATH, MODEL, bearer, running[3].pid),
        )


def isolated_environment() -> dict[str, str]:
    """Nothing of the operator's: no provider's real key may come into play."""
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "PORT": str(pick(18_090))}


def _ours(stack: Stack, upstream: str, clock: Path) -> Service:
    """With keys from the table, and an account with every provider that speaks as the upstream does."""
    urls = {name: upstream for name, spec in load_catalog().items() if spec.dialect == "openai_chat"}
    differing = {
        "POINTSMAN_PROVIDER_URLS": json.dumps(urls),
        "POINTSMAN_LOCAL_KEY": "",
        "POINTSMAN_KEY_PEPPER": "for this run alone",
        CLOCK_VARIABLE: str(clock),
    }
    command = tuple(CLOCKED_APP if argument == SERVED_APP else argument for argument in stack.api.command)
    return replace(stack.api, command=command, env={**stack.api.env, **differing})


def _create_key(ours: Service) -> str:
    run_cli = "from pointsman.entrypoints.cli import main; main()"
    command = (sys.executable, "-c", run_cli, "keys", "create", "bench", "--requests-per-minute", "1000000")
    told = subprocess.run(command, env=dict(ours.env), capture_output=True, text=True, check=True).stdout
    found = re.search(r"pm-\S+", told)
    assert found is not None, told
    return found.group()


def _upstream(port: int) -> Service:
    command = (sys.executable, "-m", "bench.peers.upstream", str(port))
    return Service("upstream", command, isolated_environment(), health_url=f"http://{LOOPBACK}:{port}/")


def _portkey(port: int) -> Service:
    command = ("node", str(PORTKEY), f"--port={port}", "--headless")
    env = {**isolated_environment(), "NODE_ENV": "production"}
    return Service("portkey", command, env, health_url=f"http://{LOOPBACK}:{port}/")


def _litellm(port: int, upstream: str, folder: Path) -> Service:
    settings = {"model": f"openai/{MODEL}", "api_base": upstream, "api_key": "simulated"}
    config = folder / "litellm.json"
    models = [{"model_name": MODEL, "litellm_params": settings}]
    # JSON is YAML too.
    config.write_text(json.dumps({"model_list": models, "general_settings": {"master_key": LITELLM_KEY}}))
    command = (str(LITELLM), "--config", str(config), "--host", LOOPBACK, "--port", str(port), "--num_workers", "1")
    env = {**isolated_environment(), "LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_LOG": "ERROR"}
    health_url = f"http://{LOOPBACK}:{port}/health/liveliness"
    return Service("litellm", command, env, health_url, start_timeout_s=300)


def _bare(port: int, upstream: str) -> Service:
    command = (sys.executable, "-m", "bench.peers.bare", str(port), upstream + "/chat/completions")
    return Service("bare", command, isolated_environment(), health_url=f"http://{LOOPBACK}:{port}/healthz")


def _url(service: Service) -> str:
    assert service.health_url is not None
    return "/".join(service.health_url.split("/")[:3])
