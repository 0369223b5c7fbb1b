"""Holds what `sam build` made against a limit of ours for a function with its layers, unzipped.

`python -m local.artifact_sizes` prints the sizes and fails above the limit.
"""

import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from local.sam_template import functions, load_template, resources, with_parameters

# Lambda's own is 250.
LIMIT_MB = 200
BYTES_PER_MB = 1024 * 1024
BUILT = Path(".aws-sam/build/template.yaml")


def folder_mb(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / BYTES_PER_MB


def artifact_sizes(built: Path) -> dict[str, dict[str, float]]:
    """MB of each part of each function: its own code and every layer."""
    template = with_parameters(load_template(built))
    layers = resources(template, "AWS::Serverless::LayerVersion")
    return {
        name: {part: folder_mb(built.parent / place) for part, place in _places(name, function, layers).items()}
        for name, function in functions(template).items()
    }


def _places(name: str, function: dict[str, Any], layers: dict[str, dict[str, Any]]) -> dict[str, str]:
    used = [layer["Ref"] for layer in function.get("Layers", [])]
    return {name: function["CodeUri"], **{layer: layers[layer]["ContentUri"] for layer in used}}


def functions_above_limit(sizes: dict[str, dict[str, float]]) -> list[str]:
    return [name for name, parts in sizes.items() if sum(parts.values()) > LIMIT_MB]


def _table(sizes: dict[str, dict[str, float]]) -> Table:
    table = Table("function", "part", "MB", title=f"Unzipped, limit {LIMIT_MB} MB")
    table.columns[-1].justify = "right"
    for name, parts in sizes.items():
        for part, size in parts.items():
            table.add_row(name, part, f"{size:.1f}")
        table.add_row(name, "in all", f"{sum(parts.values()):.1f}", style="bold", end_section=True)
    return table


def main() -> int:
    if not BUILT.is_file():
        print("nothing is built yet: run `make build` first", file=sys.stderr)
        return 1
    sizes = artifact_sizes(BUILT)
    Console().print(_table(sizes))
    above = functions_above_limit(sizes)
    if above:
        print(f"above {LIMIT_MB} MB: {', '.join(above)}", file=sys.stderr)
    return 1 if above else 0


if __name__ == "__main__":
    sys.exit(main())
