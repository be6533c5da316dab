# shellcheck shell=sh
# has_run FOLDER RUN SESSION: prints exists=yes if the file exists that record writes last, and the latest runs as
# run=NAME. Ends with exit code 3 if the run is running in a session other than SESSION, which the deployment checks
# itself.
[ "$(sed -n 1p "$1/sessions/$3" 2>/dev/null)" = "$2" ] || require_not_running "$1" "$2"
[ ! -f "$1/analysis_results/$2/config.json" ] || echo exists=yes
cd "$1" || exit
find analysis_results -mindepth 1 -maxdepth 1 -type d 2>/dev/null | sed 's|.*/|run=|' | sort | tail -n 5
