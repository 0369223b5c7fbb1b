"""The project's template, parsed."""

from pathlib import Path
from typing import Any

import pytest

from local.sam_template import load_template

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def template() -> dict[str, Any]:
    return load_template(ROOT / "template.yaml")
