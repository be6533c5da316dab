# shellcheck shell=sh
# fetched FOLDER RUN: records that the results were fetched.
date +%s >"$1/logs/$2/fetched"
