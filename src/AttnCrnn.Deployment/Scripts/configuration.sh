# shellcheck shell=sh
# configuration FOLDER RUN: prints the resolved configuration of a run; nothing if it has none.
file=$1/analysis_results/$2/config.json
[ ! -f "$file" ] || head -c 1048576 "$file"
