#!/bin/sh
# What the Lambda Web Adapter starts instead of the handler: the same app behind a web server. Each request has its
# metrics line, which says more than a line of access.
export PYTHONPATH="/opt/python${PYTHONPATH:+:$PYTHONPATH}"
# As app.py does it: nothing uses the threads of numpy's linear algebra, and each spins for a while.
export OPENBLAS_NUM_THREADS="${OPENBLAS_NUM_THREADS:-1}"
# Unbuffered: what a frozen process has not written is lost.
exec python3 -u -m uvicorn --factory pointsman.entrypoints.served_api:create_app \
    --host 127.0.0.1 --port "${AWS_LWA_PORT:-8080}" --no-access-log
