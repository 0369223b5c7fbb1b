"""The endpoint /v1/*."""

from pointsman.entrypoints.lambda_router import handler

__all__ = ["handler"]
