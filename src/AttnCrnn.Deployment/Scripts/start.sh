# shellcheck shell=sh
# start FOLDER SESSION RUN RUNNER PROGRAM DOTNET_ROOT: runs the script text RUNNER in the session, and waits for the
# training's process ID or exit code.
lock_scripts "$1"
state=$1/logs/$3
# Before any file of the run is removed.
require_not_running "$1" "$3"
if job_state "$2" "$state" | grep -qx -e session=yes -e taken=yes; then
    echo "the session $2 already exists: choose another --name" >&2
    exit 3
fi
rm -f "$state/exit_code" "$state/fetched" "$state/pid" "$state/heartbeat"
printf '%s' "$4" >"$state/runner.sh"
: >>"$state/remote.log"
# Without the lock's descriptor, which the session would keep open until its end.
job_start "$2" "$state" "$state/runner.sh" "$1/program/$5/attn-crnn" "$6" 8>&-
tries=0
until [ -s "$state/pid" ] || [ -s "$state/exit_code" ] || [ "$tries" = 100 ]; do
    tries=$((tries + 1))
    sleep 0.1
done
! [ -s "$state/pid" ] || echo "pid=$(cat "$state/pid")"
