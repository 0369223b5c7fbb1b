"""Keeps live latency and health of every endpoint, from the audit table's stream."""

from pointsman.entrypoints.lambda_pulse import create_handler

handler = create_handler()
