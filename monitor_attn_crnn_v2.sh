#!/usr/bin/env bash
# How the training on the other machine stands. Without a flag: all there is to know, and the last 50 lines of its log; -l: the lines alone;
# -c: follows the log to the end, fetches the results to the folder it is called from, and ends with the run's exit code. docs/deploy.md
set -euo pipefail
exec "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/attn-crnn" monitor "$@"
