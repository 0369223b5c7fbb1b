"""The project's template, as CloudFormation sees it with the parameters' defaults and with others."""

from pathlib import Path
from typing import Any

import pytest

from local.sam_template import load_template, with_parameters

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def written_template() -> dict[str, Any]:
    """As it is written, its conditions undecided."""
    return load_template(ROOT / "template.yaml")


@pytest.fixture(scope="session")
def template(written_template: dict[str, Any]) -> dict[str, Any]:
    return with_parameters(written_template)
