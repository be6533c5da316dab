# shellcheck shell=sh
# manifest FOLDER RUN: the files of a run with their SHA-256, after "ended=CODE" if it has ended.
export LC_ALL=C
cd "$1" || exit
if [ ! -f .attn-crnn ]; then
    echo "no deployment here: ${1}/.attn-crnn does not exist" >&2
    exit 3
fi
if [ ! -d "analysis_results/$2" ]; then
    runs=$(find analysis_results -mindepth 1 -maxdepth 1 -type d 2>/dev/null | sed 's|.*/||')
    echo "no run $2 here; existing runs: $(printf '%s\n' "$runs" | sort | tail -n 5 | tr '\n' ' ')" >&2
    exit 3
fi
# Before the hashes: if the run has ended, no file changes after them.
[ ! -s "logs/$2/exit_code" ] || echo "ended=$(cat "logs/$2/exit_code")"
for part in analysis_results checkpoints logs; do
    [ -d "$part/$2" ] || continue
    find "$part/$2" -type f ! -name '.*' ! -name '*.new' ! -name fetched ! -name heartbeat | sort |
        while read -r file; do
            sha256 "$file" 2>/dev/null || true
        done
done
