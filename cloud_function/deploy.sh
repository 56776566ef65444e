#!/usr/bin/env bash
# Brings the platform to Google Cloud; --help says more. The steps are in cloud_function/deploy/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
for python in .venv/bin/python python3 python; do
  if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    exec "$python" -m cloud_function.deploy "$@"
  fi
done
echo "error: Python 3.11 or newer is not installed, or not on PATH." >&2
exit 2
