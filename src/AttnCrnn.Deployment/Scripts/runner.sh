# shellcheck shell=sh
# runner FOLDER RUN POWER_OFF SECONDS DOTNET_ROOT PROGRAM: runs the training, and writes its log, process ID, heartbeat
# and exit code to logs/RUN. POWER_OFF yes: shuts the machine down once the results are fetched, or SECONDS after the
# end.
folder=$1 run=$2
state=$folder/logs/$run
set +e
# On these signals the training writes a checkpoint and ends, and this shell then writes the exit code.
trap : INT HUP TERM
write_heartbeats() {
    while kill -0 $$ 2>/dev/null; do
        date +%s >"$state/heartbeat.new" && mv -f "$state/heartbeat.new" "$state/heartbeat"
        sleep 5
    done
}
# Reserves space for the exit code in case the disk fills up.
head -c 65536 /dev/zero | tr '\0' x >"$state/.reserve"
write_heartbeats >/dev/null 2>&1 &
heartbeat_process=$!
# Output for users attached to the session.
tail -n 50 -f "$state/remote.log" 2>/dev/null &
tail_process=$!
[ -z "$5" ] || { DOTNET_ROOT=$5 && export DOTNET_ROOT; }
# In the foreground: a shell without job control makes background processes ignore SIGINT, which stops the training.
# shellcheck disable=SC2016
sh -c 'echo $$ >"$1/pid.new" && mv -f "$1/pid.new" "$1/pid" && shift && exec "$@"' sh "$state" \
    "$folder/program/$6/attn-crnn" train --resume "$run" --workdir "$folder" >>"$state/remote.log" 2>&1
code=$?
kill "$heartbeat_process" "$tail_process" 2>/dev/null
rm -f "$state/.reserve"
# Retry in case other processes used up the reserved space: without this file a finished run cannot be distinguished
# from a crashed one. Stop if the folder was deleted.
until echo "$code" >"$state/exit_code.new" && mv -f "$state/exit_code.new" "$state/exit_code"; do
    [ -d "$state" ] || exit "$code"
    sleep 10
done
[ "$3" = yes ] || exit 0
# From here on, closing the session ends the wait.
trap - INT HUP TERM
# has_other_running_run: whether another run of this folder is running, which a shutdown would end.
has_other_running_run() {
    for session_file in "$folder"/sessions/*; do
        [ -f "$session_file" ] || continue
        name=$(sed -n 1p "$session_file")
        [ "$name" = "$run" ] || [ -z "$(process_of "$folder/logs/$name" "$name")" ] || return 0
    done
    return 1
}
echo "ended with $code; shutting the machine down once the results are fetched, or in $4 seconds"
deadline=$(($(date +%s) + $4))
until { [ -f "$state/fetched" ] || [ "$(date +%s)" -ge "$deadline" ]; } && ! has_other_running_run; do
    # This run was resumed, and its new runner takes over.
    [ -s "$state/exit_code" ] || exit 0
    sleep 2
done
if [ "$(id -u)" = 0 ]; then shutdown -h now; else sudo -n shutdown -h now; fi
