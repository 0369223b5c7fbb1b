#!/bin/sh
# What the Lambda Web Adapter starts instead of the handler: the same app behind a web server. Each request has its
# metrics line, which says more than a line of access.
export PYTHONPATH="/opt/python${PYTHONPATH:+:$PYTHONPATH}"
exec python3 -m uvicorn --factory pointsman.entrypoints.served_api:create_app \
    --host 127.0.0.1 --port "${AWS_LWA_PORT:-8080}" --no-access-log
