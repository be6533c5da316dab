# shellcheck shell=sh
# start FOLDER SESSION RUN RUNNER PROGRAM DOTNET_ROOT: has the text of RUNNER run in the session, and waits until the training has its process.
at_work "$1"
state=$1/logs/$3
# Before anything of it is removed.
alone "$1" "$3"
if keeper_state "$2" "$state" | grep -qx -e session=yes -e taken=yes; then
    echo "a session $2 is there already: give this run another --name" >&2
    exit 3
fi
rm -f "$state/exit_code" "$state/fetched" "$state/pid" "$state/heartbeat"
printf '%s' "$4" >"$state/runner.sh"
: >>"$state/remote.log"
# Without the lock: the session would hold it to its end.
keeper_start "$2" "$state" "$state/runner.sh" "$1/program/$5/attn-crnn" "$6" 8>&-
tries=0
until [ -s "$state/pid" ] || [ -s "$state/exit_code" ] || [ "$tries" = 100 ]; do
    tries=$((tries + 1))
    sleep 0.1
done
! [ -s "$state/pid" ] || echo "pid=$(cat "$state/pid")"
