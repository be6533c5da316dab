# shellcheck shell=sh
# status FOLDER SESSION LINES: everything there is to know of the session's run, as lines of key=value; the log's last lines after [log].
export LC_ALL=C
if [ ! -f "$1/.attn-crnn" ]; then
    echo "no deployment here: there is no ${1}/.attn-crnn" >&2
    exit 3
fi
# A path with a line's end in it would be two to whoever reads lines.
cd "$1" || exit
run=
[ ! -f "$1/sessions/$2" ] || run=$(sed -n 1p "$1/sessions/$2")
state=$1/logs/$run
echo "now=$(date +%s)"
echo "run=$run"
keeper_state "$2" "$state"
echo "disk_kib=$(df -Pk . | awk 'NR == 2 { print $4 }')"
if [ -r /proc/meminfo ]; then
    awk '/^MemTotal:/ { print "memory_kib=" $2 } /^MemAvailable:/ { print "memory_free_kib=" $2 }' /proc/meminfo
fi
if command -v nvidia-smi >/dev/null 2>&1; then
    nvidia-smi --query-gpu=name,utilization.gpu,memory.used,memory.total --format=csv,noheader 2>/dev/null | sed 's/^/gpu=/' || true
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
[ -z "$process" ] || [ ! -r "/proc/$process/status" ] || awk '/^VmRSS:/ { print "used_kib=" $2 }' "/proc/$process/status"
for file in fingerprint heartbeat exit_code fetched; do
    [ ! -f "$state/$file" ] || echo "$file=$(cat "$state/$file")"
done
# When a file was last written, in seconds since 1970, and its name: as GNU's stat or BSD's is asked for it.
if stat -c %Y . >/dev/null 2>&1; then ask=-c form='%Y %n'; else ask=-f form='%m %N'; fi
[ ! -f "$state/remote.log" ] || echo "log_changed=$(stat "$ask" "${form% *}" "$state/remote.log")"
[ ! -f "$state/data" ] || while read -r data; do
    [ ! -d "$data" ] || echo "features=$(find "$data" -type f | wc -l | tr -d ' ') $(du -sk "$data" | cut -f 1) $data"
done <"$state/data"
# In one go, since the run removes its older ones meanwhile.
find "checkpoints/$run" -type f ! -name '.*' -exec stat "$ask" "$form" {} + 2>/dev/null | while read -r time file; do
    echo "checkpoint=$time ${file#"checkpoints/$run/"}"
done
echo "report=$([ ! -f "$1/analysis_results/$run/report.html" ] || echo yes)"
[ -f "$state/remote.log" ] || exit 0
keeper_gather "$2" "$state"
echo "[epochs]"
grep -E 'epoch [0-9]+/[0-9]+ +loss ' "$state/remote.log" | tail -n 5000 || true
echo "[log]"
tail -n "$3" "$state/remote.log"
