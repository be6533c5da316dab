#!/usr/bin/env bash
# Trains on another machine: checks it, uploads program and features, starts the training there in tmux.
# ./deploy_attn_crnn_v2.sh [--host USER@HOST …] [-- TRAIN FLAGS]; what is not given comes from ATTN_CRNN_… variables or from deploy.json in the folder
# it is called from, which --init writes. docs/deploy.md
set -euo pipefail
exec "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/attn-crnn" deploy "$@"
