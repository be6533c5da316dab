# shellcheck shell=sh
# part FOLDER WHAT PROGRAM DOTNET_ROOT: one task of a cluster's array, a part of the run whose folder is FOLDER: one fold's training, or one shard of the
# extraction. Its log, process and exit code are in a folder of its own there; the heartbeat is the run's.
state=$1 what=$2 program=$3
root=${state%/logs/*}
run=${state##*/}
own=$state/${what}_$SLURM_ARRAY_TASK_ID
# What asks the training to end reaches this shell as well, which has the exit code to write.
trap : INT HUP TERM
umask 077
mkdir -p "$own"
rm -f "$own/exit_code"
[ -z "$4" ] || { DOTNET_ROOT=$4 && export DOTNET_ROOT; }
case $what in
    fold) set -- train --resume "$run" --workdir "$root" --fold "$SLURM_ARRAY_TASK_ID" --train_only ;;
    extract)
        # Sources and flags, as words.
        # shellcheck source=/dev/null
        . "$state/extraction"
        set -- extract "$@" --out "$root/$(cat "$state/data")" --shard auto --threads "${SLURM_CPUS_PER_TASK:-1}"
        ;;
esac
beat() {
    while kill -0 $$ 2>/dev/null; do
        date +%s >"$own/heartbeat.new" && mv -f "$own/heartbeat.new" "$state/heartbeat"
        sleep 5
    done
}
beat >/dev/null 2>&1 &
beating=$!
# In the foreground: a shell without job control has its background deaf to SIGINT.
# shellcheck disable=SC2016
sh -c 'echo $$ >"$1/pid" && shift && exec "$@"' sh "$own" "$program" "$@" >>"$own/remote.log" 2>&1
code=$?
kill "$beating" 2>/dev/null
until echo "$code" >"$own/exit_code.new" && mv -f "$own/exit_code.new" "$own/exit_code"; do sleep 10; done
exit "$code"
