# shellcheck shell=sh
# has_run FOLDER RUN SESSION: whether the run exists and is complete, by the file that record writes last; and the
# latest runs. Refused if the run is running in a session other than SESSION, which the deployment checks itself.
[ "$(sed -n 1p "$1/sessions/$3" 2>/dev/null)" = "$2" ] || alone "$1" "$2"
[ ! -f "$1/analysis_results/$2/config.json" ] || echo has=yes
cd "$1" || exit
find analysis_results -mindepth 1 -maxdepth 1 -type d 2>/dev/null | sed 's|.*/|known=|' | sort | tail -n 5
