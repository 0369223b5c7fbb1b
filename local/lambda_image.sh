#!/usr/bin/env bash
# A stand-in for AWS's image of the Python runtime, where that cannot be pulled: Debian, this machine's Python 3.13 and
# AWS's runtime client. Needs root, debootstrap, a Docker engine and `make invoke` run once, which installs the client.
set -euo pipefail
cd "$(dirname "$0")/.."

IMAGE=public.ecr.aws/lambda/python:3.13-x86_64
PREFIX=$(.venv/bin/python -m local.lambda_python | xargs dirname | xargs dirname)
CLIENT=.venvs/lambda/lib/python3.13/site-packages
ROOT=$(mktemp -d)
trap 'rm -rf "$ROOT"' EXIT

. /etc/os-release
debootstrap --variant=minbase --include=ca-certificates,libbz2-1.0,libffi8,liblzma5,libsqlite3-0,libssl3 \
	"$VERSION_CODENAME" "$ROOT" http://deb.debian.org/debian
mkdir -p "$ROOT"/var/{task,runtime} "$ROOT/opt"
cp -a "$PREFIX" "$ROOT/var/lang"
cp -a "$CLIENT"/{awslambdaric,simplejson,runtime_client*.so,snapshot_restore_py*} "$ROOT/var/runtime/"

# As Lambda's own: the layers on the path, then the client, through the wrapper where there is one.
cat >"$ROOT/var/runtime/bootstrap" <<'BOOTSTRAP'
#!/bin/sh
export PYTHONPATH="/var/runtime:/opt/python"
exec $AWS_LAMBDA_EXEC_WRAPPER /var/lang/bin/python3.13 -m awslambdaric "$_HANDLER"
BOOTSTRAP
chmod +x "$ROOT/var/runtime/bootstrap"

tar --create --directory "$ROOT" . | docker import \
	--change 'ENV PATH=/var/lang/bin:/usr/bin:/bin LD_LIBRARY_PATH=/var/lang/lib LANG=C.UTF-8' \
	--change 'ENV LAMBDA_TASK_ROOT=/var/task LAMBDA_RUNTIME_DIR=/var/runtime' \
	--change 'WORKDIR /var/task' - "$IMAGE"
