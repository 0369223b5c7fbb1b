"""The endpoint /v1/*."""

from pointsman.entrypoints.starting import uncollected

with uncollected():
    from pointsman.entrypoints.lambda_router import create_handler

    handler = create_handler()
