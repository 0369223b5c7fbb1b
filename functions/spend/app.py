"""Counts what was spent, from the audit table's stream."""

from pointsman.entrypoints.lambda_spend import create_handler

handler = create_handler()
