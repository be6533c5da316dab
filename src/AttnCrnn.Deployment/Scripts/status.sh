# shellcheck shell=sh
# status FOLDER SESSION LINES: the status of the session's run as key=value lines, then its events after [progress] or,
# for a run of version 0.1, its epochs after [epochs], and the log's last lines after [log].
export LC_ALL=C
if [ ! -f "$1/.attn-crnn" ]; then
    echo "no deployment here: ${1}/.attn-crnn does not exist" >&2
    exit 3
fi
# Relative paths from here on: a newline in the folder's path would break the line format.
cd "$1" || exit
run=
[ ! -f "$1/sessions/$2" ] || run=$(sed -n 1p "$1/sessions/$2")
state=$1/logs/$run
echo "now=$(date +%s)"
echo "run=$run"
job_state "$2" "$state"
echo "disk_kib=$(df -Pk . | awk 'NR == 2 { print $4 }')"
if [ -r /proc/meminfo ]; then
    awk '/^MemTotal:/ { print "memory_kib=" $2 } /^MemAvailable:/ { print "memory_free_kib=" $2 }' /proc/meminfo
fi
if command -v nvidia-smi >/dev/null 2>&1; then
    nvidia-smi --query-gpu=name,utilization.gpu,memory.used,memory.total --format=csv,noheader 2>/dev/null |
        sed 's/^/gpu=/' || true
fi
for program in "$1"/program/*/; do
    [ ! -d "$program" ] || echo "program=$(basename "$program")"
done
for data in "$1"/data/*/; do
    [ ! -d "$data" ] || echo "uploaded=data/$(basename "$data")"
done
[ -n "$run" ] || exit 0
process=$(process_of "$state" "$run")
echo "process=$process"
if [ -n "$process" ] && [ -r "/proc/$process/status" ]; then
    awk '/^VmRSS:/ { print "used_kib=" $2 }' "/proc/$process/status"
fi
for file in fingerprint heartbeat exit_code fetched; do
    [ ! -f "$state/$file" ] || echo "$file=$(cat "$state/$file")"
done
# Modification time, in seconds since 1970, and name, for GNU's stat or BSD's.
if stat -c %Y . >/dev/null 2>&1; then stat_option=-c stat_format='%Y %n'; else stat_option=-f stat_format='%m %N'; fi
[ ! -f "$state/remote.log" ] || echo "log_changed=$(stat "$stat_option" "${stat_format% *}" "$state/remote.log")"
[ ! -f "$state/data" ] || while read -r data; do
    [ ! -d "$data" ] || echo "features=$(find "$data" -type f | wc -l | tr -d ' ') $(du -sk "$data" | cut -f 1) $data"
done <"$state/data"
# In a single call, because the run may delete older checkpoints meanwhile.
find "checkpoints/$run" -type f ! -name '.*' -exec stat "$stat_option" "$stat_format" {} + 2>/dev/null |
    while read -r time file; do
        echo "checkpoint=$time ${file#"checkpoints/$run/"}"
    done
echo "report=$([ ! -f "$1/analysis_results/$run/report.html" ] || echo yes)"
[ -f "$state/remote.log" ] || exit 0
job_gather "$2" "$state"
# Of each fold all events but steps, and the last step of an epoch that has not ended.
progress=no
config=$1/analysis_results/$run/config.json
print_events() {
    [ "$progress" = yes ] || echo "[progress]"
    progress=yes
    {
        grep -v '^{"event":"step",' "$1" | tail -n 5000 || true
        tail -n 1 "$1" | grep '^{"event":"step",' || true
    } | sed "s/^{/{$(seed_fields "$config" "$3")/"
}
for_each_progress "$state" print_events
if [ "$progress" = no ]; then
    echo "[epochs]"
    grep -E 'epoch [0-9]+/[0-9]+ +loss ' "$state/remote.log" | tail -n 5000 || true
fi
echo "[log]"
tail -n "$3" "$state/remote.log"
