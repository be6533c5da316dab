# shellcheck shell=sh
# runner FOLDER RUN POWER_OFF SECONDS DOTNET_ROOT PROGRAM: the training, with its log, process, heartbeat and exit code in files beside each other.
# With POWER_OFF yes the machine is switched off when the results were fetched, or SECONDS after the end.
folder=$1 run=$2
state=$folder/logs/$run
set +e
# The training writes its checkpoint when it is asked to end, and this shell its exit code after it.
trap : INT HUP TERM
beat() {
    while kill -0 $$ 2>/dev/null; do
        date +%s >"$state/heartbeat.new" && mv -f "$state/heartbeat.new" "$state/heartbeat"
        sleep 5
    done
}
# Room for the exit code, should the disk be full by then.
head -c 65536 /dev/zero | tr '\0' x >"$state/.reserve"
beat >/dev/null 2>&1 &
beating=$!
# What whoever attaches to the session sees.
tail -n 50 -f "$state/remote.log" 2>/dev/null &
showing=$!
[ -z "$5" ] || { DOTNET_ROOT=$5 && export DOTNET_ROOT; }
# In the foreground: a shell without job control has its background deaf to SIGINT, which is how the training is asked to end.
# shellcheck disable=SC2016
sh -c 'echo $$ >"$1/pid.new" && mv -f "$1/pid.new" "$1/pid" && shift && exec "$@"' sh "$state" \
    "$folder/program/$6/attn-crnn" train --resume "$run" --workdir "$folder" >>"$state/remote.log" 2>&1
code=$?
kill "$beating" "$showing" 2>/dev/null
rm -f "$state/.reserve"
# Should others have taken the room, there may be some later; without this file nobody could tell the end from a crash. Where the folder is gone nobody asks.
until echo "$code" >"$state/exit_code.new" && mv -f "$state/exit_code.new" "$state/exit_code"; do
    [ -d "$state" ] || exit "$code"
    sleep 10
done
[ "$3" = yes ] || exit 0
# Whoever closes the session from here on ends the wait with it.
trap - INT HUP TERM
# others_at_work: whether another run of this folder is, which a machine that is switched off would end.
others_at_work() {
    for other in "$folder"/sessions/*; do
        [ -f "$other" ] || continue
        name=$(sed -n 1p "$other")
        [ "$name" = "$run" ] || [ -z "$(process_of "$folder/logs/$name" "$name")" ] || return 0
    done
    return 1
}
echo "ended with $code; the machine is switched off when the results were fetched, or $4 seconds from now"
last=$(($(date +%s) + $4))
until { [ -f "$state/fetched" ] || [ "$(date +%s)" -ge "$last" ]; } && ! others_at_work; do
    # This run was begun again: who began it waits for it.
    [ -s "$state/exit_code" ] || exit 0
    sleep 2
done
if [ "$(id -u)" = 0 ]; then shutdown -h now; else sudo -n shutdown -h now; fi
