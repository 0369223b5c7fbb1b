"""An operator's prompts as lines of JSON: `{"id": ..., "text": ...}`, or numbers in the text's place."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pointsman.domain.documents.forms import FormError
from pointsman.domain.documents.prompt_pool import decode_pool_row, encode_pool_row
from pointsman.domain.errors import RequestError
from pointsman.domain.onboarding import PoolRow


def read_pool_file(path: Path) -> list[PoolRow]:
    """RequestError names line and field of what is no row, or stands twice."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeError) as error:
        raise RequestError(f"{path.name}: {error}", field="pool") from error
    rows = [_decode(line, f"{path.name}:{number}") for number, line in enumerate(lines, start=1) if line.strip()]
    if not rows:
        raise RequestError(f"{path.name}: holds no prompt", field="pool")
    _refuse_twins(rows, path.name)
    return rows


def write_pool_file(path: Path, rows: Iterable[PoolRow]) -> None:
    text = "".join(json.dumps(encode_pool_row(row), ensure_ascii=False) + "\n" for row in rows)
    path.write_text(text, encoding="utf-8")


def _decode(line: str, place: str) -> PoolRow:
    try:
        document: Any = json.loads(line)
        return decode_pool_row(document)
    except FormError as error:
        raise RequestError(f"{place}: {error}", field=error.path.removeprefix(".")) from error
    except ValueError as error:
        raise RequestError(f"{place}: is not JSON: {error}", field="pool") from error


def _refuse_twins(rows: list[PoolRow], name: str) -> None:
    seen: set[str] = set()
    for row in rows:
        if row.prompt_id in seen:
            raise RequestError(f"{name}: id: {row.prompt_id!r} stands twice", field="id")
        seen.add(row.prompt_id)
