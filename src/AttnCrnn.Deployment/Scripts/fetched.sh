# shellcheck shell=sh
# fetched FOLDER RUN: the results are on both sides now.
date +%s >"$1/logs/$2/fetched"
