#!/usr/bin/env bash
# Every command of the published program, as a user would give it: publishing trims the program, and what was trimmed
# away by mistake shows only when it runs.  tests/published/try.sh FOLDER, the folder that scripts/publish.sh made.
set -euo pipefail
program=$(readlink -f "$1")/attn-crnn
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
mkdir home

fail() {
    echo "published: $*" >&2
    exit 1
}

# It needs nothing outside its folder: no network, no variable, nothing in the home folder.
offline=()
if unshare -n true 2>/dev/null; then offline=(unshare -n)
elif unshare -rn true 2>/dev/null; then offline=(unshare -rn)
else echo 'published: unshare is not permitted here; it runs with the network on'
fi

# run ARGUMENT…: the program, offline and without the caller's environment.
run() {
    "${offline[@]}" env -i HOME="$scratch/home" PATH="$PATH" "$program" "$@" >output 2>errors || {
        cat output errors >&2
        fail "attn-crnn $* ended with an error"
    }
}

# holds TEXT: what the last command printed has it.
holds() { grep -qF -- "$1" output || { cat output >&2; fail "no '$1' in what it printed"; }; }

run --version
run doctor --json
holds '"ok":true'
run demo --epochs 1 --quiet
cd demo
demo_run=$(ls checkpoints)
run corpus synthetic_speech --out clips.csv
[ -s clips.csv ] || fail 'corpus wrote no manifest'
run extract clips.csv --out frames --quiet
run extract clips.csv --encoder log-mel --out log-mel --quiet
run extract clips.csv --encoder log-mel --out npz --format npz --quiet
run train --data_dirs frames --workdir folds --folds 3 --epochs 1 --quiet
run train --resume "$(ls folds/checkpoints)" --workdir folds --quiet
run train --data_dirs log-mel --workdir original --recipe original --epochs 1 --quiet
original_run=$(ls original/checkpoints)
[ -s "original/analysis_results/$original_run/report.html" ] || fail 'train wrote no report'
run evaluate "$demo_run" --json --quiet
holds '"uar"'
# Not head, which ends before sort has written all: with pipefail that is an error.
clip=$(find synthetic_speech -name '*.wav' | sort | sed -n 1p)
run predict "$demo_run" "$clip" --json --quiet
holds '"probabilities"'
run predict "$demo_run" "$clip" --window 1 --hop 0.5 --quiet
model=checkpoints/$demo_run/best_attn_crnn_model.keras
run export "$model" --to keras --out again.keras --quiet
run export "$model" --to npz --out weights.npz --quiet
run export "$model" --to onnx --out frames.onnx --quiet
run export "$model" --to onnx --out waveform.onnx --waveform --quiet
run export "$model" --to onnx --out int8.onnx --quantize int8 --quiet
run export frames --to npz --out exported --quiet
for file in again.keras weights.npz frames.onnx waveform.onnx int8.onnx; do
    [ -s "$file" ] || fail "export wrote no $file"
done
run predict again.keras "$clip" --quiet
printf 'local\n\n\nframes\n1\n' >answers
run deploy --init <answers
if command -v tmux >/dev/null && command -v rsync >/dev/null; then
    # One tmux server of its own, so that no session of the user's is touched.
    export TMUX_TMPDIR=$scratch/home
    remote=(--to local --dir "$scratch/there" --name published)
    rm deploy.json
    run deploy "${remote[@]}" --quiet -- --data_dirs frames --epochs 1
    for _ in $(seq 300); do
        run monitor "${remote[@]}" --json
        grep -q '"state":"ended"' output && break
        sleep 1
    done
    holds '"exit_code":0'
    run stop "${remote[@]}"
    run fetch "${remote[@]}"
elif [ "${CI:-}" = true ]; then
    fail 'deploy, monitor, stop and fetch cannot be tried without tmux and rsync'
else
    echo 'published: without tmux and rsync, deploy, monitor, stop and fetch are not tried'
fi
echo "published: every command ran"
