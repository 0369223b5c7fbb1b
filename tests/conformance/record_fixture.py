"""Fills in what a fixture's request becomes and what its reply becomes, for a person to check.

python -m tests.conformance.record_fixture tests/conformance/fixtures/<row>/<name>.json ...
"""

import json
import sys
from pathlib import Path
from typing import Any

from tests.conformance.committed_fixtures import Fixture, perform


def record(path: Path) -> None:
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    written: dict[str, Any] = {"sent": {}, "received": {}, **read}
    sent, received = perform(Fixture(row=path.parent.name, name=path.stem, **written))
    document = {**written, "sent": sent, "received": received}
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        record(Path(argument))
