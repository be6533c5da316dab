#!/usr/bin/env bash
# Runs the array script of docs/scale.md under a real slurmctld and slurmd, which are started with their own
# configuration and stopped at the end. KEEP=1 keeps the folder with all logs.
# shellcheck source=tests/slurm/cluster.sh
. "$(dirname "${BASH_SOURCE[0]}")/cluster.sh"

# --- two corpora of noise

# little_endian NUMBER: prints it as four bytes.
little_endian() {
    printf '%b' "$(printf '\\x%02x' $(($1 & 255)) $(($1 >> 8 & 255)) $(($1 >> 16 & 255)) $(($1 >> 24 & 255)))"
}

# wav BYTES: prints 16-bit mono noise at 16 kHz.
wav() {
    printf RIFF
    little_endian $((36 + $1))
    printf 'WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x80\x3e\x00\x00\x00\x7d\x00\x00\x02\x00\x10\x00data'
    little_endian "$1"
    head -c "$1" /dev/urandom
}

mkdir "$work/short" "$work/long"
for i in $(seq -w 30); do wav 16000 >"$work/short/clip$i.wav"; done
# Enough work for many seconds: hard links to a recording of one minute.
many=2000
wav 1920000 >"$work/long/clip0001.wav"
for i in $(seq -f %04g 2 "$many"); do ln "$work/long/clip0001.wav" "$work/long/clip$i.wav"; done

# --- the script in the document

cd "$work"
sed -n '/^<!-- array.sh: from here -->$/,/^<!-- array.sh: to here -->$/p' "$root/docs/scale.md" |
    sed '/^<!--/d; /^```/d' >array.sh
grep -q '^#SBATCH --array=1-8$' array.sh || fail "docs/scale.md has no array script between its markers"
export ATTN_CRNN=$root/attn-crnn CLIPS=$work/short ENCODER=log-mel

# submit STORE [SBATCH ARGUMENTS]: submits, waits for all tasks, and sets $job to the job number.
submit() {
    export STORE=$1
    shift
    job=$(sbatch --parsable "$@" array.sh)
    await
}

await() {
    for _ in $(seq 1200); do [ -n "$(squeue --noheader --job "$job" 2>/dev/null)" ] || return 0; sleep 0.2; done
    fail "job $job did not end"
}

# states: counts the tasks' states and exit codes, as in "8 COMPLETED 0:0".
states() {
    scontrol --oneliner show job "$job" | sed 's/.* JobState=\([A-Z]*\) .* ExitCode=\([0-9:]*\) .*/\1 \2/' |
        sort | uniq -c | sed 's/^ *//'
}

# once STORE CLIPS: checks that every clip is in the indexes exactly once.
once() {
    local paths
    paths=$(cut -d, -f3 "$1"/part-*.csv | grep '^/')
    [ "$(wc -l <<<"$paths")" = "$2" ] || fail "$1 has $(wc -l <<<"$paths") lines, not one for each of $2 clips"
    [ "$(sort -u <<<"$paths" | wc -l)" = "$2" ] || fail "$1 has only $(sort -u <<<"$paths" | wc -l) clips of $2"
}

# whole STORE: checks that every short clip is there exactly once, and its frames can be read.
whole() {
    once "$1" 30
    "$ATTN_CRNN" export "$1" --to npz --out "$1_npz" >/dev/null
    [ "$(find "$1_npz" -type f -name '*.npz' | wc -l)" = 30 ] || fail "$1: not every clip's frames can be read"
}

submit "$work/store"
[ "$(states)" = "8 COMPLETED 0:0" ] || fail "the array: $(states)"
[ "$(cat extract-"$job"_*.log | grep -c '^[34] clips extracted, 0 already stored')" = 8 ] ||
    fail "the 30 clips are not divided into eight shards: $(cat extract-"$job"_*.log)"
whole "$work/store"
say "ok: eight tasks, every clip once"

submit "$work/store"
[ "$(states)" = "8 COMPLETED 0:0" ] || fail "the repeated array: $(states)"
[ "$(cat extract-"$job"_*.log | grep -c '^0 clips extracted, [34] already stored')" = 8 ] ||
    fail "the repeated array recomputed clips"
whole "$work/store"
say "ok: a repeated array recomputes nothing"

submit "$work/steps" --array=0-9:3
[ "$(states)" = "4 COMPLETED 0:0" ] || fail "a range with a step: $(states)"
whole "$work/steps"
say "ok: a range with a step"

submit "$work/one" --array=5
[ "$(states)" = "1 COMPLETED 0:0" ] || fail "an array of one: $(states)"
whole "$work/one"
say "ok: an array of one task takes every clip"

submit "$work/list" --array=1,3,7
[ "$(states)" = "3 FAILED 2:0" ] || fail "a list should be refused: $(states)"
grep -q 'specify the array as one range' extract-"$job"_*.log || fail "a list is refused without the remedy"
say "ok: a list is refused by all its tasks"

# As Slurm does shortly before the time limit, with --signal=B:TERM@60.
export CLIPS=$work/long STORE=$work/interrupted
job=$(sbatch --parsable --array=1-2 array.sh)
for task in 1 2; do
    for _ in $(seq 600); do
        ! grep -q "^shard $task of 2" extract-"$job"_$task.log 2>/dev/null || break
        sleep 0.05
    done
done
sleep 2
for task in 1 2; do
    scancel --batch --signal=TERM "${job}_$task"
done
await
[ "$(states)" = "2 FAILED 130:0" ] || fail "interrupted tasks: $(states)"
[ "$(cat extract-"$job"_*.log | grep -c 'interrupted; completed clips are in')" = 2 ] ||
    fail "interrupted tasks do not report what they keep"
submit "$work/interrupted" --array=1-2
[ "$(states)" = "2 COMPLETED 0:0" ] || fail "the interrupted array again: $(states)"
once "$work/interrupted" "$many"
kept=$(($(sed -n 's/.* extracted, \([0-9]*\) already stored.*/\1/p' extract-"$job"_*.log | paste -sd+)))
[ "$kept" -gt 0 ] || fail "interrupted tasks keep nothing"
say "ok: interrupted tasks keep their results ($kept clips of $many), and a repeated array completes them"
say "passed"
