"""The control API /control/v1/*."""

from pointsman.entrypoints.lambda_control import create_handler

handler = create_handler()
