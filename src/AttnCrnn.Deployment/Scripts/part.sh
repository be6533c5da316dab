# shellcheck shell=sh
# part FOLDER KIND PROGRAM DOTNET_ROOT: runs one task of a job array of the run in FOLDER: one fold (KIND fold) or
# one extraction shard (KIND extract). Its log, process ID and exit code are in a subfolder; its heartbeat is written
# as the run's heartbeat.
state=$1 kind=$2 program=$3
root=${state%/logs/*}
run=${state##*/}
part=$state/${kind}_$SLURM_ARRAY_TASK_ID
# The signals that stop the training also reach this shell, which has to write the exit code.
trap : INT HUP TERM
umask 077
mkdir -p "$part"
rm -f "$part/exit_code"
[ -z "$4" ] || { DOTNET_ROOT=$4 && export DOTNET_ROOT; }
case $kind in
    fold) set -- train --resume "$run" --workdir "$root" --fold "$SLURM_ARRAY_TASK_ID" --train_only ;;
    extract)
        # Sets the positional parameters: sources and options.
        # shellcheck source=/dev/null
        . "$state/extraction"
        set -- extract "$@" --out "$root/$(cat "$state/data")" --shard auto --threads "${SLURM_CPUS_PER_TASK:-1}"
        ;;
esac
write_heartbeats() {
    while kill -0 $$ 2>/dev/null; do
        date +%s >"$part/heartbeat.new" && mv -f "$part/heartbeat.new" "$state/heartbeat"
        sleep 5
    done
}
write_heartbeats >/dev/null 2>&1 &
heartbeat_process=$!
# In the foreground: a shell without job control makes background processes ignore SIGINT.
# shellcheck disable=SC2016
sh -c 'echo $$ >"$1/pid" && shift && exec "$@"' sh "$part" "$program" "$@" >>"$part/remote.log" 2>&1
code=$?
kill "$heartbeat_process" 2>/dev/null
until echo "$code" >"$part/exit_code.new" && mv -f "$part/exit_code.new" "$part/exit_code"; do sleep 10; done
exit "$code"
