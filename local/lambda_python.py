"""Finds a real CPython of the Lambda runtime's version: sees through version managers' shims, which SAM cannot use.

`python -m local.lambda_python` prints its path.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

VERSION = "3.13"
NAME = f"python{VERSION}"
# A shim and a virtual environment both lead to the interpreter that they stand for.
SELF_DESCRIPTION = "import sys; print(sys.base_prefix, '%d.%d' % sys.version_info[:2])"
ADVICE = f"""no Python {VERSION}, which is the Lambda runtime's version, is on this machine.
Install it, for instance with `uv python install {VERSION}` or `pyenv install {VERSION}`, or put one on PATH."""


class LambdaPythonMissingError(Exception):
    """No interpreter of the Lambda runtime's version is here; the text says how to get one."""


def find_lambda_python(environment: Mapping[str, str]) -> Path | None:
    """The first that starts: of those on PATH, then of those that pyenv and uv keep."""
    return next(filter(None, map(_real_interpreter, _candidates(environment))), None)


def _candidates(environment: Mapping[str, str]) -> Iterator[Path]:
    yield from (Path(folder) / NAME for folder in environment.get("PATH", "").split(os.pathsep) if folder)
    home = Path(environment.get("HOME", "/"))
    pyenv = Path(environment.get("PYENV_ROOT", home / ".pyenv")) / "versions"
    data = Path(environment.get("XDG_DATA_HOME", home / ".local" / "share"))
    uv = Path(environment.get("UV_PYTHON_INSTALL_DIR", data / "uv" / "python"))
    yield from sorted(pyenv.glob(f"{VERSION}.*/bin/{NAME}"), reverse=True)
    yield from sorted(uv.glob(f"cpython-{VERSION}.*/bin/{NAME}"), reverse=True)


def _real_interpreter(candidate: Path) -> Path | None:
    if not candidate.is_file():
        return None
    answer = subprocess.run([candidate, "-c", SELF_DESCRIPTION], capture_output=True, text=True, check=False)
    prefix, _, version = answer.stdout.strip().rpartition(" ")
    interpreter = Path(prefix) / "bin" / NAME
    return interpreter if version == VERSION and interpreter.is_file() else None


def require_lambda_python() -> Path:
    """LambdaPythonMissingError where this machine has none."""
    found = find_lambda_python(os.environ)
    if found is None:
        raise LambdaPythonMissingError(ADVICE)
    return found


if __name__ == "__main__":
    try:
        print(require_lambda_python())
    except LambdaPythonMissingError as missing:
        sys.exit(str(missing))
