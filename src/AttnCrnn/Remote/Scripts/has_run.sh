# shellcheck shell=sh
# has_run FOLDER RUN: whether the run is there, whole, by the file that record writes last; and which others are.
[ ! -f "$1/analysis_results/$2/config.json" ] || echo has=yes
cd "$1" || exit
find analysis_results -mindepth 1 -maxdepth 1 -type d 2>/dev/null | sed 's|.*/|known=|' | sort | tail -n 5
