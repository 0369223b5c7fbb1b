"""Runs one function as Lambda does: AWS's runtime interface emulator and runtime client around the real handler.

Knows neither what the function does nor what it talks to. One invocation at a time, as on Lambda.
"""

import json
import os
import platform
import socket
import subprocess
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import httpx

ROOT = Path(__file__).parents[1]
# Exactly the packages of the two layers, and the runtime client.
PYTHON = ROOT / ".venvs" / "lambda" / "bin" / "python"
# What a function brings along beside them lies under its name.
OWN_PACKAGES = ROOT / ".venvs" / "functions"
EMULATORS = ROOT / ".venvs" / "sam"
ARCHITECTURES = {"x86_64": "x86_64", "AMD64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}
STREAMING_WRAPPER = ROOT / "layers" / "pointsman" / "streaming_runtime"
INVOCATIONS = "/2015-03-31/functions/function/invocations"
START_TIMEOUT_S = 20


class EmulatorError(RuntimeError):
    """The emulator is not installed or did not come up; the text says what to do."""


@dataclass(frozen=True, slots=True)
class LambdaRuntime:
    """A running function."""

    url: str
    timeout_s: int

    def invoke(self, event: Mapping[str, Any]) -> Any:
        return json.loads(self.invoke_raw(event))

    def invoke_raw(self, event: Mapping[str, Any]) -> bytes:
        """A streamed reply too comes as one: its prelude, 8 NULs and its body."""
        # The first invocation waits for the function's initialisation too.
        return httpx.post(self.url, json=event, timeout=START_TIMEOUT_S + self.timeout_s, trust_env=False).content


@contextmanager
def lambda_runtime(
    folder: Path,
    environment: Mapping[str, str],
    *,
    timeout_s: int = 29,
    log: IO[str] | None = None,
    wrapper: Path | None = None,
) -> Generator[LambdaRuntime, None, None]:
    """`folder` holds app.py with a `handler`. What the function prints goes to `log`.

    `wrapper` starts in place of AWS's runtime client, as AWS_LAMBDA_EXEC_WRAPPER does.
    """
    port, runtime_port = _free_ports()
    process = subprocess.Popen(
        _command(port, runtime_port, wrapper),
        cwd=folder,
        env=_process_environment(folder, environment, timeout_s),
        stdout=log or subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
    )
    try:
        _wait_for(port, process)
        yield LambdaRuntime(f"http://127.0.0.1:{port}{INVOCATIONS}", timeout_s)
    finally:
        process.terminate()
        process.wait(timeout=10)


def find_emulator() -> Path:
    """EmulatorError where one of the two environments is absent."""
    name = f"aws-lambda-rie-{ARCHITECTURES[platform.machine()]}"
    found = next(EMULATORS.glob(f"lib/*/site-packages/samcli/local/rapid/{name}"), None)
    if found is None or not PYTHON.is_file():
        raise EmulatorError("the Lambda runtime is not set up: run `make invoke` once, which does it")
    return found


def _command(port: int, runtime_port: int, wrapper: Path | None) -> list[str]:
    emulator = find_emulator()
    # It comes without the executable bit out of some installers.
    emulator.chmod(0o755)
    addresses = {"interface-emulator": port, "api": runtime_port}
    options = [part for name, number in addresses.items() for part in _address_option(name, number)]
    # Lambda gives a wrapper the command that it stands for; ours makes use of the interpreter alone.
    runtime = [str(PYTHON), "-m", "awslambdaric", "app.handler"]
    return [str(emulator), "--log-level", "error", *options, *([str(wrapper)] if wrapper else []), *runtime]


def _address_option(name: str, port: int) -> tuple[str, str]:
    return f"--runtime-{name}-address", f"127.0.0.1:{port}"


def _process_environment(folder: Path, environment: Mapping[str, str], timeout_s: int) -> dict[str, str]:
    """What Lambda sets, and of this machine only what a process needs to start."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    given = {
        "AWS_LAMBDA_FUNCTION_NAME": folder.name,
        "AWS_LAMBDA_FUNCTION_TIMEOUT": str(timeout_s),
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1769",
        "LAMBDA_TASK_ROOT": str(folder),
        "_HANDLER": "app.handler",
        "PYTHONPATH": f"{OWN_PACKAGES / folder.name}{os.pathsep}{ROOT / 'layers' / 'pointsman'}",
    }
    return kept | given | dict(environment)


def _free_ports() -> tuple[int, int]:
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        second.bind(("127.0.0.1", 0))
        return first.getsockname()[1], second.getsockname()[1]


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_TIMEOUT_S
    while process.poll() is None and time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise EmulatorError("the runtime interface emulator did not come up")
