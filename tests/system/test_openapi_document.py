"""The product is asked what its own OpenAPI document allows and forbids: nothing breaks, all answers are as told."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from local import ministack
from local.stack import ROOT
from tests.system.test_run import Run

SCHEMATHESIS = ROOT / ".venvs" / "schemathesis" / "bin" / "schemathesis"
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "missing_required_header",
    "unsupported_method",
    "ignored_auth",
    "negative_data_rejection",
)
LONGEST_S = 120

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(not ministack.PYTHON.exists(), reason=f"the emulator is not installed: {ministack.SETUP}"),
    pytest.mark.skipif(not SCHEMATHESIS.exists(), reason="schemathesis is not installed: make schemathesis"),
]


def test_the_product_is_as_its_document_says(tmp_path: Path) -> None:
    run, document = Run(tmp_path / "run"), tmp_path / "openapi.json"
    document.write_text(json.dumps(_with_known_models(json.loads((ROOT / "docs" / "openapi.json").read_text()))))
    try:
        run.start()
        # In a folder that goes, for it keeps what it finds where it is run.
        done = subprocess.run(
            _command(document, run.url), cwd=tmp_path, capture_output=True, text=True, check=False, timeout=600
        )
    finally:
        run.close()
    print(done.stdout)
    assert done.returncode == 0, done.stdout
    assert "generated" in done.stdout


def _with_known_models(document: Any) -> Any:
    """Of all texts none but a few are models, so nearly everything would be refused for that alone."""
    for schema in document["components"]["schemas"].values():
        properties = schema.get("properties", {})
        if "model" in properties:
            or_null = [None] if "anyOf" in properties["model"] else []
            properties["model"] = {"enum": ["auto", "auto:floor", "openai/gpt-6-luna", *or_null]}
            properties["models"] = {"enum": [[], None]}
    return document


def _command(document: Path, url: str) -> list[str]:
    examples, seed = os.environ.get("SCHEMATHESIS_EXAMPLES", "15"), os.environ.get("SCHEMATHESIS_SEED", "1")
    bounds = ["--max-examples", examples, "--max-time", str(LONGEST_S), "--seed", seed, "--generation-database", "none"]
    # Long lists of alternatives make it give up on some examples, which is no fault of the answers.
    bounds += ["--suppress-health-check", "filter_too_much"]
    where = ["--url", url, "-H", "Authorization: Bearer dev", "--checks", ",".join(CHECKS), "--continue-on-failure"]
    return [str(SCHEMATHESIS), "run", str(document), *where, *bounds, "--no-color"]
