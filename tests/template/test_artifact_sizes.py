"""A function and its layers are measured together, since Lambda limits their sum."""

from pathlib import Path

import pytest

from local.artifact_sizes import LIMIT_MB, artifact_sizes, functions_above_limit

BUILT = """
Resources:
  Layer: {Type: "AWS::Serverless::LayerVersion", Properties: {ContentUri: Layer}}
  Unused: {Type: "AWS::Serverless::LayerVersion", Properties: {ContentUri: Unused}}
  Function: {Type: "AWS::Serverless::Function", Properties: {CodeUri: Function, Layers: [!Ref Layer]}}
"""


def _built(folder: Path, megabytes: dict[str, int]) -> Path:
    for name, size in megabytes.items():
        (folder / name / "deep").mkdir(parents=True)
        with (folder / name / "deep" / "file").open("wb") as file:
            file.truncate(size * 1024 * 1024)
    template = folder / "template.yaml"
    template.write_text(BUILT)
    return template


def test_only_the_layers_in_use_count(tmp_path: Path) -> None:
    built = _built(tmp_path, {"Layer": 3, "Unused": 5, "Function": 1})
    assert artifact_sizes(built) == {"Function": {"Function": 1.0, "Layer": 3.0}}


@pytest.mark.parametrize(("excess", "above"), [(0, []), (1, ["Function"])])
def test_a_function_above_the_limit_is_named(tmp_path: Path, excess: int, above: list[str]) -> None:
    built = _built(tmp_path, {"Layer": LIMIT_MB - 1, "Function": 1 + excess})
    assert functions_above_limit(artifact_sizes(built)) == above
