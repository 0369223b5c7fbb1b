"""openai-python's own tests, out of its source archive, with their placeholders filled: `unpack.py ARCHIVE FOLDER`."""

import sys
import tarfile
import tomllib
from pathlib import Path

EXCEPTIONS = Path(__file__).with_name("exceptions.toml")


def main(archive: str, folder: Path) -> None:
    with tarfile.open(archive) as opened:
        opened.extractall(folder, members=_tests(opened), filter="data")
    for row in tomllib.loads(EXCEPTIONS.read_text())["placeholder"]:
        fill(folder / "tests" / "api_resources" / row["file"], row["written"], row["instead"])


def _tests(archive: tarfile.TarFile) -> list[tarfile.TarInfo]:
    """Without the archive's own top folder."""
    members = [(member, member.name.partition("/")[2]) for member in archive.getmembers()]
    return [member.replace(name=name) for member, name in members if name.startswith("tests/")]


def fill(file: Path, written: str, instead: str) -> None:
    text = file.read_text()
    if written not in text:
        raise SystemExit(f"{file} no longer says {written!r}")
    file.write_text(text.replace(written, instead))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
