#!/usr/bin/env bash
# Shows the status of the training on the other machine and the last 50 lines of its log; -l: only these lines;
# -c: follows the log to the end, fetches the results to the current folder, and returns the run's exit code.
# See docs/deploy.md.
set -euo pipefail
exec "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/attn-crnn" monitor "$@"
