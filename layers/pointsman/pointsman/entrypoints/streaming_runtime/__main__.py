"""Started by Lambda in place of its Python runtime, through AWS_LAMBDA_EXEC_WRAPPER."""

import logging
import os

from pointsman.entrypoints.streaming_runtime.loop import serve, start
from pointsman.entrypoints.streaming_runtime.runtime_api import RuntimeApi

if __name__ == "__main__":
    logging.basicConfig(format="%(levelname)s %(message)s")
    api = RuntimeApi(os.environ["AWS_LAMBDA_RUNTIME_API"])
    serve(api, start(api, os.environ))
