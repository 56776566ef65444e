#!/usr/bin/env bash
# The guide's path: the same as cloud_function/deploy.sh.
exec "$(dirname "${BASH_SOURCE[0]}")/../../cloud_function/deploy.sh" "$@"
