"""The endpoint /v1/*."""

from pointsman.entrypoints.lambda_router import create_handler

handler = create_handler()
