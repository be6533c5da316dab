#!/usr/bin/env bash
# Drives deploy --to slurm, monitor, fetch and stop on a real cluster of one machine: jobs that are done, wait, are stopped, cancelled, killed and fail, arrays
# for folds and for an extraction, and the whole way over ssh.
# shellcheck source=tests/slurm/cluster.sh
. "$(dirname "${BASH_SOURCE[0]}")/cluster.sh"
for program in rsync flock sshd ssh-keygen; do
    command -v "$program" >/dev/null || fail "$program not found: apt-get install openssh-server openssh-client rsync"
done

here=$work/here # the user's working folder
there=$work/"the user's \$(touch pwned) folder" # the cluster's
mkdir "$here"
cd "$here"
attn() { "$root/attn-crnn" "$@"; }
"$root/attn-crnn" demo --epochs 1 --workdir "$work/demo" >"$work/demo.log" 2>&1
# An odd name, and words that a shell would do something with.
recordings=$work/"recordings of 'them' \$(touch pwned)"
mv "$work/demo/synthetic_speech" "$recordings"
rm "$recordings"/clips.csv
cat >deploy.json <<END
{ "to": "slurm", "dir": "$there", "sbatch": ["time=01:00:00", "comment=it's \\"\$(touch pwned)\\" ; touch pwned"], "data_dirs": ["$work/demo/features"] }
END

# long: train's flags for a run that does not end by itself within this test.
long=(--epochs 900 --patience 900 --copies 2 --checkpoint_every 5)
# expect CODE COMMAND…: its output goes to $work/out, its exit code must be CODE.
expect() {
    local code=0
    "${@:2}" >"$work/out" 2>&1 || code=$?
    [ "$code" = "$1" ] || { cat "$work/out"; fail "expected $1, got $code: ${*:2}"; }
}
# says TEXT: the last command said so.
says() { grep -qF -e "$1" "$work/out" || { cat "$work/out"; fail "it does not say: $1"; }; }
# run: the run that was deployed last.
run() { sed -n 's/^run  *//p' "$work/out" | head -n 1; }
job() { sed -n 's/^run //p' "$there/logs/$1/.jobs"; }
until_says() {
    for _ in $(seq 240); do
        attn monitor "${@:2}" >"$work/out" 2>&1 || true
        ! grep -qF -e "$1" "$work/out" || return 0
        sleep 0.5
    done
    cat "$work/out"
    fail "monitor never says: $1"
}
queue_is_empty() {
    for _ in $(seq 100); do [ -n "$(squeue --noheader)" ] || return 0; sleep 0.2; done
    squeue
    fail "jobs are left"
}

# --- one job

expect 0 attn deploy --dry_run -- --epochs 2 --copies 1
says "slurm_sbatch"
[ -z "$(squeue --noheader --states=all)" ] || fail "a rehearsal submits"
expect 0 attn deploy -- --epochs 2 --copies 1
name=$(run)
[ "$(scontrol --oneliner show job "$(job "$name")" | grep -c 'TimeLimit=01:00:00')" = 1 ] || fail "the option of sbatch is not the job's"
expect 0 attn monitor -c
says "epoch 2/2"
[ -s "analysis_results/$name/report.html" ] || fail "no report was fetched"
[ "$(readlink analysis_results/latest)" = "$name" ] || fail "latest is not the run"
expect 0 attn monitor
says "ended with 0"
says "$(job "$name"): completed"
expect 0 attn deploy -- --epochs 2 --copies 1
says "nothing to do"$'\n' 2>/dev/null || says "is done"
say "ok: a run as one job, watched to its end and fetched"

# --- folds

expect 0 attn deploy -- --epochs 3 --folds 3 --copies 1
name=$(run)
expect 0 attn monitor -c
for fold in 1 2 3; do
    [ "$(grep -c "^fold $fold/3 epoch " "$there/logs/$name/remote.log")" = 3 ] || fail "fold $fold's epochs are not there once each: $(cat "$there/logs/$name/remote.log")"
    [ "$(grep -c "^fold $fold/3 epoch " "$work/out")" = 3 ] || { cat "$work/out"; fail "fold $fold's epochs were not shown once each"; }
    [ -s "checkpoints/$name/fold_$fold/best_attn_crnn_model.keras" ] || fail "fold $fold was not fetched"
done
says "over 3"
[ "$(scontrol --oneliner show job "$(sed -n 's/^fold //p' "$there/logs/$name/.jobs")" | grep -c 'JobState=COMPLETED')" = 3 ] || fail "the folds are not three tasks"
say "ok: folds as an array, and a job that judges them"

# --- an extraction there

sed -i 's/, "data_dirs".*/ }/' deploy.json
expect 0 attn deploy --name extracted --shards 3 -- --epochs 1 --folds 3 --copies 1 -- "$recordings" --encoder log-mel
name=$(run)
expect 0 attn monitor -c --name extracted
says "shard 3 of 3"
paths=$(cut -d, -f3 "$there"/data/extracted-*/part-*.csv | grep -c '^/\|^"/')
[ "$paths" = 288 ] || fail "the store has $paths clips of 288"
[ "$(tr '\n' ' ' <"$there/logs/$name/.parts")" = "extract_1 extract_2 extract_3 fold_1 fold_2 fold_3 " ] || fail "the parts are $(cat "$there/logs/$name/.parts")"
expect 2 attn deploy --shards 3 -- --epochs 1 -- relative/path
says "by their whole path"
expect 0 attn deploy --name extracted --sbatch begin=now+15 -- --epochs 1 -- "$work/none" --encoder log-mel
expect 3 attn monitor -c --name extracted
says "extract_1 ended with 3"
queue_is_empty
expect 0 attn monitor --name extracted
says "8 failed (NonZeroExitCode)"
say "ok: an extraction as an array before the training, with names that a shell would run"

# --- waiting

hog=$(sbatch --parsable --exclusive --output=/dev/null --wrap 'sleep 600')
for _ in $(seq 50); do [ "$(squeue --noheader --job "$hog" --format=%T)" != RUNNING ] || break; sleep 0.1; done
training=(--data_dirs "$work/demo/features")
expect 0 attn deploy -- "${long[@]}" "${training[@]}"
says "waits for its turn"
until_says "pending (Resources)"
says "waiting for its turn"
expect 0 attn monitor --json
says '"state":"waiting"'
expect 3 attn deploy -- --epochs 2 "${training[@]}"
says "is running there"
expect 0 attn stop
says "ended with 130"
expect 0 attn monitor
says "taken from the cluster's queue"
say "ok: a run that waits says for what, and can be taken back"

# --- stopped, gone on with, cancelled, killed

expect 0 attn deploy --sbatch cpus-per-task=2 -- "${long[@]}" "${training[@]}"
name=$(run)
scancel "$hog"
until_says "epoch 2/900"
says "running on"
grep -q '"threads": 2' "$there/analysis_results/$name/config.json" || fail "the training has not the processors of its task"
expect 0 attn stop
says "ended with 130"
until_says "failed (NonZeroExitCode)"
expect 0 attn deploy --resume "$name"
until_says "epoch 3/900"
[ "$(grep -c "epoch 2/900" "$there/logs/$name/remote.log")" = 1 ] || fail "the run was begun anew"
say "ok: a run that is stopped keeps its checkpoint, and goes on"

scancel "$(job "$name")"
queue_is_empty
expect 130 attn monitor -c
expect 0 attn monitor
says "$(job "$name"): cancelled"
say "ok: a run that is cancelled from outside ends with its checkpoint"

expect 0 attn deploy --resume "$name"
until_says "training"
until_says "heartbeat"
# All of its processes at once, as by a node that is out of memory.
scontrol listpids "$(job "$name")" | awk 'NR > 1 { print $1 }' | xargs kill -KILL
queue_is_empty
expect 1 attn monitor -c
says "gone without an exit code"
says "$(job "$name"): failed"
say "ok: a run that is killed says how the cluster lost it"

# --- failing

expect 0 attn deploy --name fails --sbatch begin=now+15 -- --epochs 2 --folds 3 --copies 1 "${training[@]}"
name=$(run)
# Both: the cluster is this machine, where what a run was deployed from is found as well.
mv "$there/data" "$there/elsewhere"
mv "$work/demo/features" "$work/demo/away"
expect 3 attn monitor -c --name fails
says "fold_1 ended with 3"
mv "$there/elsewhere" "$there/data"
mv "$work/demo/away" "$work/demo/features"
queue_is_empty
expect 0 attn deploy --name fails --resume "$name"
expect 0 attn monitor -c --name fails
says "over 3"
say "ok: a fold that fails ends the run with its code, and the run goes on when the cause is gone"

expect 1 attn deploy --name refused --sbatch partition=none -- --epochs 2 "${training[@]}"
says "invalid partition"
expect 3 attn deploy --name refused --sbatch array=1-3 -- --epochs 2 "${training[@]}"
says "set by the run itself"
queue_is_empty
say "ok: what the cluster refuses is said, and nothing stays"

# --- over ssh, from a machine that has no Slurm

sshd=$(command -v sshd)
mkdir -p /run/sshd "$work/home" "$work/near"
ssh-keygen -q -t ed25519 -N "" -f "$work/host"
ssh-keygen -q -t ed25519 -N "" -f "$work/user"
port=$(free_port)
cat >"$work/sshd_config" <<END
Port $port
ListenAddress 127.0.0.1
HostKey $work/host
AuthorizedKeysFile $work/user.pub
PidFile none
StrictModes no
PermitRootLogin yes
UsePAM no
SetEnv HOME=$work/home SLURM_CONF=$SLURM_CONF DOTNET_ROOT=${DOTNET_ROOT:-$(dirname "$(readlink -f "$(command -v dotnet)")")} PATH=/usr/bin:/bin:/usr/sbin
END
# Before the system's ssh: one that knows this cluster's login node, and no other.
printf '#!/bin/sh\nexec %s -F %s "$@"\n' "$(command -v ssh)" "$work/ssh_config" >"$work/near/ssh"
chmod +x "$work/near/ssh"
printf 'Host login\n HostName 127.0.0.1\n Port %s\n IdentityFile %s\n IdentitiesOnly yes\n UserKnownHostsFile %s\n StrictHostKeyChecking accept-new\n LogLevel ERROR\n' \
    "$port" "$work/user" "$work/known" >"$work/ssh_config"
start "$sshd" -D -e -f "$work/sshd_config"
for _ in $(seq 50); do ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break; sleep 0.1; done
rm deploy.json
there=$work/home/attn_crnn_v2
export ATTN_CRNN_HOST=login ATTN_CRNN_TO=slurm ATTN_CRNN_PROGRAM=$root/src/AttnCrnn.Cli/bin/Release/net10.0
far() { env -u SLURM_CONF PATH="$work/near:$PATH" "$root/attn-crnn" "$@"; }
expect 0 far deploy --sbatch time=01:00:00 -- --epochs 2 --folds 3 --copies 1 "${training[@]}"
name=$(run)
expect 0 far monitor -c
says "over 3"
[ -s "analysis_results/$name/report.html" ] || fail "no report was fetched over ssh"
expect 0 far deploy --sbatch time=01:00:00 -- "${long[@]}" "${training[@]}"
for _ in $(seq 100); do ! grep -q "epoch 1/" "$there/logs/$(run)/remote.log" 2>/dev/null || break; sleep 0.5; done
expect 0 far stop
says "ended with 130"
expect 0 far fetch
says "verified by hash"
say "ok: the same over ssh"

[ -z "$(find "$work" "$HOME" -maxdepth 4 -name pwned -newer "$SLURM_CONF" 2>/dev/null)" ] || fail "a name was run as a command"
say "passed"
