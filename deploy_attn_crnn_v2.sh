#!/usr/bin/env bash
# Trains on another machine: checks it, uploads program and features, and starts the training there in tmux.
# ./deploy_attn_crnn_v2.sh [--host USER@HOST ...] [-- TRAIN OPTIONS]; defaults come from ATTN_CRNN_... variables and
# from deploy.json in the current folder, which --init writes. See docs/deploy.md.
set -euo pipefail
exec "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/attn-crnn" deploy "$@"
