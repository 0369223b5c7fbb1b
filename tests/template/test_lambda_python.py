"""SAM needs a real interpreter of the runtime's version; what merely bears its name must not be taken for one."""

from pathlib import Path

from local.lambda_python import NAME, VERSION, find_lambda_python


def _program(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def _interpreter(prefix: Path, version: str = VERSION) -> Path:
    return _program(prefix / "bin" / NAME, f"echo {prefix} {version}")


def test_an_interpreter_on_the_path_is_found(tmp_path: Path) -> None:
    interpreter = _interpreter(tmp_path / "real")
    assert find_lambda_python({"PATH": f"{interpreter.parent}"}) == interpreter


def test_a_shim_that_refuses_leads_to_what_its_manager_keeps(tmp_path: Path) -> None:
    shim = _program(tmp_path / "shims" / NAME, "exit 127")
    interpreter = _interpreter(tmp_path / "versions" / f"{VERSION}.1")
    assert find_lambda_python({"PATH": f"{shim.parent}", "PYENV_ROOT": f"{tmp_path}"}) == interpreter


def test_a_shim_that_answers_leads_to_the_interpreter_behind_it(tmp_path: Path) -> None:
    interpreter = _interpreter(tmp_path / "real")
    shim = _program(tmp_path / "shims" / NAME, f'exec {interpreter} "$@"')
    assert find_lambda_python({"PATH": f"{shim.parent}"}) == interpreter


def test_an_interpreter_that_uv_keeps_is_found(tmp_path: Path) -> None:
    interpreter = _interpreter(tmp_path / f"cpython-{VERSION}.2-linux-x86_64-gnu")
    assert find_lambda_python({"PATH": "", "UV_PYTHON_INSTALL_DIR": f"{tmp_path}"}) == interpreter


def test_another_version_under_the_right_name_is_refused(tmp_path: Path) -> None:
    interpreter = _interpreter(tmp_path / "real", version="3.12")
    assert find_lambda_python({"PATH": f"{interpreter.parent}", "HOME": f"{tmp_path}"}) is None
