"""The embedded DynamoDB: ministack, in an environment of its own, with nothing else switched on unless asked for."""

from pathlib import Path

from local.folders import Folders
from local.service import Service

_HERE = Path(__file__).parent
PYTHON = _HERE.parent / ".venvs" / "ministack" / "bin" / "python"
SETUP = "UV_PROJECT_ENVIRONMENT=.venvs/ministack uv sync --frozen --only-group ministack"


class EmulatorMissingError(Exception):
    """The environment of the emulator was not set up."""


def emulator(folders: Folders, *, port: int, services: str = "dynamodb,dynamodbstreams") -> Service:
    if not PYTHON.exists():
        raise EmulatorMissingError(f"The DynamoDB emulator is not installed. Run: {SETUP}")
    return Service(
        name="dynamodb",
        # -P: this folder's own ministack.py must not stand in front of the package.
        command=(str(PYTHON), "-P", str(_HERE / "emulator_process.py")),
        health_url=f"{endpoint(port)}/_ministack/health",
        env={
            "GATEWAY_PORT": str(port),
            "PERSIST_STATE": "1",
            "STATE_DIR": str(folders.tables),
            "SERVICES": services,
            "LOG_LEVEL": "WARNING",
            "MINISTACK_WORKER_THREADS": "4",
            # Each of these would open a port or look for containers.
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "DOCKER_HOST": "unix:///nonexistent",
        },
        # It writes its tables to disk when asked to stop.
        grace_s=15.0,
    )


def endpoint(port: int) -> str:
    return f"http://127.0.0.1:{port}"
