"""Adopts or rejects direct edits of the registry's rows."""

from pointsman.entrypoints.lambda_edits import create_handler

handler = create_handler()
