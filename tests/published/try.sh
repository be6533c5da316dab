#!/usr/bin/env bash
# Every command of the published program, as a user would give it: publishing trims the program, and what was trimmed
# away by mistake shows only when it runs.  tests/published/try.sh FOLDER, the folder that scripts/publish.sh made.
set -euo pipefail
program=$(readlink -f "$1")/attn-crnn
classifier=$(readlink -f "$(dirname "${BASH_SOURCE[0]}")/../fixtures/encoders/heads/hubert-large-superb-like")
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

# hide_openssl: succeeds if OpenSSL's libraries can be replaced by empty files for one process, which then cannot load
# them. In a mount namespace of its own, nothing changes for other processes.
# shellcheck disable=SC2016 # the inner shell expands it
hide_openssl='for file in $(find /lib /lib64 /usr/lib /usr/lib64 -name "libssl*.so*" -o -name "libcrypto*.so*" 2>/dev/null); do
    mount --bind /dev/null "$(readlink -f "$file")" || exit 1
done
exec "$@"'
hidden=()
if unshare -rnm bash -c "$hide_openssl" bash true 2>/dev/null; then hidden=(unshare -rnm bash -c "$hide_openssl" bash)
elif [ "${CI:-}" = true ]; then fail 'what the program does without OpenSSL cannot be tried: unshare is not permitted here'
else echo 'published: unshare is not permitted here; it runs with OpenSSL'
fi

# run ARGUMENT…: the program, offline, without the caller's environment and without OpenSSL: .NET ends the process where
# it needs that library and does not find it (exit code 134).
run() {
    "${offline[@]}" "${hidden[@]}" env -i HOME="$scratch/home" PATH="$PATH" "$program" "$@" >output 2>errors || {
        cat output errors >&2
        fail "attn-crnn $* ended with an error"
    }
}

# holds TEXT: what the last command printed has it.
holds() { grep -qF -- "$1" output || { cat output >&2; fail "no '$1' in what it printed"; }; }

run --version
run doctor --json
holds '"ok":true'
[ ${#hidden[@]} = 0 ] || holds '{"ok":false,"name":"OpenSSL"'
[ ${#offline[@]} = 0 ] || holds '{"ok":false,"name":"hub"'
[ ${#offline[@]} = 0 ] || holds 'whisper-tiny.en (included)'
run demo --epochs 1 --quiet
cd demo
demo_run=$(ls checkpoints)
run corpus synthetic_speech --out clips.csv
[ -s clips.csv ] || fail 'corpus wrote no manifest'
run extract clips.csv --out frames --quiet
run extract clips.csv --encoder log-mel --out log-mel --quiet
run extract clips.csv --encoder log-mel --out npz --format npz --quiet
run train --data_dirs frames --workdir folds --folds 3 --split random --epochs 1 --quiet
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
run predict "$demo_run" - --csv --out predictions.csv --quiet <"$clip"
[ -s predictions.csv ] || fail 'predict wrote no predictions.csv'
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
run predict "$classifier" "$clip" --json --quiet
holds '"neutral"'
run evaluate "$classifier" --data_dirs clips.csv --drop disgust,fearful --json --quiet
holds '"uar"'
run export "$classifier" --to onnx --waveform --out classifier.onnx --quiet
[ -s classifier.onnx ] || fail 'export wrote no classifier.onnx'
# FLAC has an MD5 of its samples. ffmpeg is run with OpenSSL, which it may need.
if command -v ffmpeg >/dev/null; then
    mkdir -p flac/happy flac/sad
    for file in synthetic_speech/happy/*.wav synthetic_speech/sad/*.wav; do
        label=$(basename "$(dirname "$file")")
        ffmpeg -nostdin -v error -i "$file" "flac/$label/$(basename "$file" .wav).flac"
    done
    clip=$(find flac -name '*.flac' | sort | sed -n 1p)
    run predict again.keras "$clip" --quiet
    run extract flac --encoder log-mel --out flac-frames --quiet
    run train --data_dirs flac-frames --workdir flac-run --epochs 1 --quiet
elif [ "${CI:-}" = true ]; then fail 'FLAC cannot be tried without ffmpeg'
else echo 'published: without ffmpeg, FLAC is not tried'
fi
# The hub cannot be reached: an error with a remedy, not the end of the process, and no retries.
if [ ${#offline[@]} != 0 ]; then
    code=0
    "${offline[@]}" "${hidden[@]}" env -i HOME="$scratch/home" PATH="$PATH" timeout 10 "$program" extract clips.csv \
        --encoder facebook/wav2vec2-base --out hub >output 2>errors || code=$?
    [ "$code" = 3 ] || { cat errors >&2; fail "an encoder of the hub without a network: exit code $code, expected 3"; }
    grep -qF 'use whisper-tiny.en (included)' errors || { cat errors >&2; fail 'no remedy for a hub out of reach'; }
fi
printf 'local\n\n\nframes\n1\n' >answers
run deploy --init <answers
if command -v tmux >/dev/null && command -v rsync >/dev/null; then
    hidden=() # rsync itself needs OpenSSL's library
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
