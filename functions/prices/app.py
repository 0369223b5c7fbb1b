"""Refreshes the registry's prices."""

from pointsman.entrypoints.lambda_prices import create_handler

handler = create_handler()
