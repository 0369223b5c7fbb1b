"""The endpoint /v1/*."""

from pointsman.entrypoints.starting import single_threaded, trusting_nobody, uncollected

single_threaded()
with uncollected():
    with trusting_nobody():
        from pointsman.entrypoints.lambda_router import create_handler
    handler = create_handler()
