"""What the local stack is made of: services, their commands and environments. Starts nothing."""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pointsman.adapters.providers.spec import load_catalog

from local import ministack, ports
from local.aws_environment import aws_environment
from local.folders import Folders
from local.provider_plan import ProviderPlan, plan_providers
from local.service import Service

ROOT = Path(__file__).parents[1]
SERVED_APP = "pointsman.entrypoints.served_api:create_app"
LOCAL_KEY = "dev"
_FIRST_PORT = 18_080
# Thinking models take half a minute for a word; nobody wants to wait that long for a simulation.
_SIMULATED_SPEED = "10"


class PortError(Exception):
    """The API cannot listen where it was told to."""


@dataclass(frozen=True, slots=True)
class Stack:
    """`emulator` is None where AWS_ENDPOINT_URL names a DynamoDB that runs already; without a simulated provider there
    is no simulator. `functions` is the process of those that follow tables.
    """

    url: str
    key: str
    emulator: Service | None
    simulators: tuple[Service, ...]
    simulator_port: int
    tasks: tuple[Service, ...]
    functions: Service
    api: Service
    providers: ProviderPlan
    simulated_speed: str


def plan_stack(env: Mapping[str, str], folders: Folders) -> Stack:
    """Raises PortError, and EmulatorMissingError where the emulator's environment was not set up."""
    port = _api_port(env.get("PORT", "8080"))
    simulator_port = ports.pick(_FIRST_PORT + 1)
    catalog = load_catalog(Path(env.get("POINTSMAN_CATALOG_DIR", ROOT / "catalog")))
    providers = plan_providers(catalog, env, port=simulator_port)
    emulator = None if env.get("AWS_ENDPOINT_URL") else ministack.emulator(folders, port=ports.pick(_FIRST_PORT))
    api_env = _api_env(env, providers, emulator)
    return Stack(
        url=f"http://{ports.LOOPBACK}:{port}",
        key=api_env["POINTSMAN_LOCAL_KEY"],
        emulator=emulator,
        simulators=(_simulator(simulator_port, providers, env),) if providers.urls else (),
        simulator_port=simulator_port,
        tasks=(
            _task("tables", ("tables", "create"), api_env),
            _task("registry", ("registry", "seed", str(ROOT / "registry"), "--if-needed"), api_env),
        ),
        functions=_functions(ports.pick(_FIRST_PORT + 2), api_env),
        api=_api(port, api_env),
        providers=providers,
        simulated_speed=_speed(env),
    )


def _api_port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65_536:
        raise PortError(f"PORT must be a number from 1 to 65535, not {text!r}.")
    if not ports.is_free(int(text)):
        raise PortError(f"Port {text} is taken by another program. Choose another one, such as PORT={int(text) + 1}.")
    return int(text)


def _api_env(env: Mapping[str, str], providers: ProviderPlan, emulator: Service | None) -> dict[str, str]:
    ours = {
        "POINTSMAN_LOCAL_KEY": env.get("POINTSMAN_LOCAL_KEY", LOCAL_KEY),
        "POINTSMAN_META_MODEL_DIR": env.get("POINTSMAN_META_MODEL_DIR", str(ROOT / "layers" / "meta_model")),
        "POINTSMAN_CATALOG_DIR": env.get("POINTSMAN_CATALOG_DIR", str(ROOT / "catalog")),
        "POINTSMAN_PROVIDER_URLS": json.dumps(providers.urls),
        "PYTHONUNBUFFERED": "1",
        **_past_any_proxy(env),
    }
    port = None if emulator is None else int(emulator.env["GATEWAY_PORT"])
    return {**aws_environment(env, emulator_port=port), **ours}


def _past_any_proxy(env: Mapping[str, str]) -> dict[str, str]:
    """A proxy cannot reach what runs on this machine's loopback."""
    hosts = ",".join(filter(None, (env.get("NO_PROXY") or env.get("no_proxy"), ports.LOOPBACK, "localhost")))
    return {"NO_PROXY": hosts, "no_proxy": hosts}


def _api(port: int, env: Mapping[str, str]) -> Service:
    app = ("--factory", SERVED_APP)
    where = ("--host", ports.LOOPBACK, "--port", str(port), "--timeout-graceful-shutdown", "3", "--no-access-log")
    return Service(
        name="api",
        command=(sys.executable, "-m", "uvicorn", *app, *where),
        env=env,
        health_url=f"http://{ports.LOOPBACK}:{port}/healthz",
    )


def _functions(port: int, env: Mapping[str, str]) -> Service:
    return Service(
        name="functions",
        command=(sys.executable, "-m", "local.functions", "--port", str(port)),
        env=env,
        health_url=f"http://{ports.LOOPBACK}:{port}/",
    )


def _task(name: str, arguments: tuple[str, ...], env: Mapping[str, str]) -> Service:
    run_cli = "from pointsman.entrypoints.cli import main; main()"
    return Service(name=name, command=(sys.executable, "-c", run_cli, *arguments), env=env)


def _simulator(port: int, providers: ProviderPlan, env: Mapping[str, str]) -> Service:
    keyless = tuple(word for name in providers.keyless for word in ("--keyless", name))
    where = ("--port", str(port), "--registry", str(ROOT / "registry"))
    return Service(
        name="simulated_providers",
        command=(sys.executable, "-m", "local.simulated_providers", *where, *keyless),
        env={**env, "POINTSMAN_SIM_SPEED": _speed(env), "PYTHONUNBUFFERED": "1"},
        health_url=f"http://{ports.LOOPBACK}:{port}/_simulator/health",
        grace_s=3.0,
    )


def _speed(env: Mapping[str, str]) -> str:
    return env.get("POINTSMAN_SIM_SPEED", _SIMULATED_SPEED)
