"""The `pointsman` command: one module a noun. Each noun's Typer app is called `commands`; program.py hangs it in."""

from pointsman.entrypoints.cli.program import main

__all__ = ["main"]
