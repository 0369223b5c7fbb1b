"""The endpoint /v1/*."""

from pointsman.entrypoints.starting import single_threaded, uncollected

single_threaded()
with uncollected():
    from pointsman.entrypoints.lambda_router import create_handler

    handler = create_handler()
