#!/usr/bin/env bash
# Tests deploy --to slurm, monitor, fetch and stop on a real cluster of one machine: jobs that complete, wait, fail, are
# stopped, cancelled and killed, arrays for folds and for an extraction, and a complete run over ssh.
# shellcheck source=tests/slurm/cluster.sh
. "$(dirname "${BASH_SOURCE[0]}")/cluster.sh"
for program in rsync flock sshd ssh-keygen; do
    command -v "$program" >/dev/null || fail "$program not found: apt-get install openssh-server openssh-client rsync"
done

user_dir=$work/here # the user's working folder
cluster_dir=$work/"the user's \$(touch pwned) folder" # the cluster's
mkdir "$user_dir"
cd "$user_dir"
attn() { "$root/attn-crnn" "$@"; }
"$root/attn-crnn" demo --epochs 1 --workdir "$work/demo" >"$work/demo.log" 2>&1
# A name and options with characters that are special to a shell.
recordings=$work/"recordings of 'them' \$(touch pwned)"
mv "$work/demo/synthetic_speech" "$recordings"
rm "$recordings"/clips.csv
cat >deploy.json <<END
{
  "to": "slurm",
  "dir": "$cluster_dir",
  "data_dirs": ["$work/demo/features"],
  "sbatch": ["time=01:00:00", "comment=it's \\"\$(touch pwned)\\" ; touch pwned"]
}
END

# long: options of train for a run that does not end within this test.
long=(--epochs 900 --patience 900 --copies 2 --checkpoint_every 5)
# expect CODE COMMAND…: writes the output to $work/out, and checks the exit code.
expect() {
    local code=0
    "${@:2}" >"$work/out" 2>&1 || code=$?
    [ "$code" = "$1" ] || { cat "$work/out"; fail "expected $1, got $code: ${*:2}"; }
}
# says TEXT: checks that the last command's output contains the text.
says() { grep -qF -e "$1" "$work/out" || { cat "$work/out"; fail "missing in the output: $1"; }; }
# run: the most recently deployed run.
run() { sed -n 's/^run  *//p' "$work/out" | head -n 1; }
job() { sed -n 's/^run //p' "$cluster_dir/logs/$1/.jobs"; }
until_says() {
    for _ in $(seq 240); do
        attn monitor "${@:2}" >"$work/out" 2>&1 || true
        ! grep -qF -e "$1" "$work/out" || return 0
        sleep 0.5
    done
    cat "$work/out"
    fail "monitor never prints: $1"
}
queue_is_empty() {
    for _ in $(seq 100); do [ -n "$(squeue --noheader)" ] || return 0; sleep 0.2; done
    squeue
    fail "jobs are left"
}

# --- one job

expect 0 attn deploy --dry_run -- --epochs 2 --copies 1
says "slurm_sbatch"
[ -z "$(squeue --noheader --states=all)" ] || fail "a dry run submits"
expect 0 attn deploy -- --epochs 2 --copies 1
name=$(run)
[ "$(scontrol --oneliner show job "$(job "$name")" | grep -c 'TimeLimit=01:00:00')" = 1 ] ||
    fail "the job does not have the option of sbatch"
expect 0 attn monitor -c
says "epoch 2/2"
[ -s "analysis_results/$name/report.html" ] || fail "no report was fetched"
[ "$(readlink analysis_results/latest)" = "$name" ] || fail "latest is not the run"
expect 0 attn monitor
says "ended with 0"
says "$(job "$name"): completed"
expect 0 attn deploy -- --epochs 2 --copies 1
says "nothing to do"$'\n' 2>/dev/null || says "has finished"
say "ok: a run as one job, monitored to its end and fetched"

# --- folds

expect 0 attn deploy -- --epochs 3 --folds 3 --copies 1
name=$(run)
expect 0 attn monitor -c
for fold in 1 2 3; do
    [ "$(grep -c "^fold $fold/3 epoch " "$cluster_dir/logs/$name/remote.log")" = 3 ] ||
        fail "the log does not have each epoch of fold $fold once: $(cat "$cluster_dir/logs/$name/remote.log")"
    [ "$(grep -c "^fold $fold/3 epoch " "$work/out")" = 3 ] ||
        { cat "$work/out"; fail "monitor did not show each epoch of fold $fold once"; }
    [ -s "checkpoints/$name/fold_$fold/best_attn_crnn_model.keras" ] || fail "fold $fold was not fetched"
done
says "over 3"
array=$(sed -n 's/^fold //p' "$cluster_dir/logs/$name/.jobs")
[ "$(scontrol --oneliner show job "$array" | grep -c 'JobState=COMPLETED')" = 3 ] ||
    fail "the folds are not three tasks"
say "ok: folds as an array, and a job that evaluates them"

# --- an extraction there

sed -i '/"data_dirs"/d' deploy.json
expect 0 attn deploy --name extracted --shards 3 -- --epochs 1 --folds 3 --split random --copies 1 -- "$recordings" --encoder log-mel
name=$(run)
expect 0 attn monitor -c --name extracted
says "shard 3 of 3"
paths=$(cut -d, -f3 "$cluster_dir"/data/extracted-*/part-*.csv | grep -c '^/\|^"/')
[ "$paths" = 288 ] || fail "the store has $paths clips of 288"
parts=$(tr '\n' ' ' <"$cluster_dir/logs/$name/.parts")
[ "$parts" = "extract_1 extract_2 extract_3 fold_1 fold_2 fold_3 " ] || fail "the parts are $parts"
expect 2 attn deploy --shards 3 -- --epochs 1 -- relative/path
says "expected an absolute path"
expect 0 attn deploy --name extracted --sbatch begin=now+15 -- --epochs 1 -- "$work/none" --encoder log-mel
expect 3 attn monitor -c --name extracted
says "extract_1 ended with 3"
queue_is_empty
expect 0 attn monitor --name extracted
says "8 failed (NonZeroExitCode)"
say "ok: an extraction as an array before the training, with names that are special to a shell"

# --- waiting

hog=$(sbatch --parsable --exclusive --output=/dev/null --wrap 'sleep 600')
for _ in $(seq 50); do [ "$(squeue --noheader --job "$hog" --format=%T)" != RUNNING ] || break; sleep 0.1; done
training=(--data_dirs "$work/demo/features")
expect 0 attn deploy -- "${long[@]}" "${training[@]}"
says "is waiting in the queue"
until_says "pending (Resources)"
says "queued on the cluster"
expect 0 attn monitor --json
says '"state":"waiting"'
expect 3 attn deploy -- --epochs 2 "${training[@]}"
says "is already running"
expect 0 attn stop
says "ended with 130"
expect 0 attn monitor
says "removed from the cluster's queue"
say "ok: a queued run reports the reason, and can be removed"

# --- stopped, resumed, cancelled, killed

expect 0 attn deploy --sbatch cpus-per-task=2 -- "${long[@]}" "${training[@]}"
name=$(run)
scancel "$hog"
until_says "epoch 2/900"
says "running on"
grep -q '"threads": 2' "$cluster_dir/analysis_results/$name/config.json" ||
    fail "the number of threads is not the task's number of processors"
expect 0 attn stop
says "ended with 130"
until_says "failed (NonZeroExitCode)"
expect 0 attn deploy --resume "$name"
until_says "epoch 3/900"
[ "$(grep -c "epoch 2/900" "$cluster_dir/logs/$name/remote.log")" = 1 ] ||
    fail "the run was restarted from the beginning"
say "ok: a stopped run keeps its checkpoint and is resumed"

scancel "$(job "$name")"
queue_is_empty
expect 130 attn monitor -c
expect 0 attn monitor
says "$(job "$name"): cancelled"
say "ok: a run that is cancelled by scancel ends with a checkpoint"

expect 0 attn deploy --resume "$name"
until_says "training"
until_says "heartbeat"
# All of its processes at once, as on a node that is out of memory.
scontrol listpids "$(job "$name")" | awk 'NR > 1 { print $1 }' | xargs kill -KILL
queue_is_empty
expect 1 attn monitor -c
says "ended without an exit code"
says "$(job "$name"): failed"
say "ok: a killed run reports its state in the cluster"

# --- failing

expect 0 attn deploy --name fails --sbatch begin=now+15 -- --epochs 2 --folds 3 --copies 1 "${training[@]}"
name=$(run)
# Both: the cluster is this machine, which also has the original of the uploaded data.
mv "$cluster_dir/data" "$cluster_dir/elsewhere"
mv "$work/demo/features" "$work/demo/away"
expect 3 attn monitor -c --name fails
says "fold_1 ended with 3"
mv "$cluster_dir/elsewhere" "$cluster_dir/data"
mv "$work/demo/away" "$work/demo/features"
queue_is_empty
expect 0 attn deploy --name fails --resume "$name"
expect 0 attn monitor -c --name fails
says "over 3"
say "ok: a failing fold ends the run with its exit code, and the run can be resumed"

expect 1 attn deploy --name refused --sbatch partition=none -- --epochs 2 "${training[@]}"
says "invalid partition"
expect 3 attn deploy --name refused --sbatch array=1-3 -- --epochs 2 "${training[@]}"
says "set by the run itself"
queue_is_empty
say "ok: a refusal by the cluster is reported, and no job remains"

# --- over ssh, from a machine that has no Slurm

sshd=$(command -v sshd)
mkdir -p /run/sshd "$work/home" "$work/near"
ssh-keygen -q -t ed25519 -N "" -f "$work/host"
ssh-keygen -q -t ed25519 -N "" -f "$work/user"
port=$(free_port)
dotnet_root=${DOTNET_ROOT:-$(dirname "$(readlink -f "$(command -v dotnet)")")}
cat >"$work/sshd_config" <<END
Port $port
ListenAddress 127.0.0.1
HostKey $work/host
AuthorizedKeysFile $work/user.pub
PidFile none
StrictModes no
PermitRootLogin yes
UsePAM no
SetEnv HOME=$work/home SLURM_CONF=$SLURM_CONF DOTNET_ROOT=$dotnet_root PATH=/usr/bin:/bin:/usr/sbin
END
# An ssh, first in PATH, that knows only this cluster's login node.
printf '#!/bin/sh\nexec %s -F %s "$@"\n' "$(command -v ssh)" "$work/ssh_config" >"$work/near/ssh"
chmod +x "$work/near/ssh"
cat >"$work/ssh_config" <<END
Host login
 HostName 127.0.0.1
 Port $port
 IdentityFile $work/user
 IdentitiesOnly yes
 UserKnownHostsFile $work/known
 StrictHostKeyChecking accept-new
 LogLevel ERROR
END
start "$sshd" -D -e -f "$work/sshd_config"
for _ in $(seq 50); do ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break; sleep 0.1; done
rm deploy.json
cluster_dir=$work/home/attn_crnn_v2
export ATTN_CRNN_HOST=login ATTN_CRNN_TO=slurm ATTN_CRNN_PROGRAM=$root/src/AttnCrnn.Cli/bin/Release/net10.0
far() { env -u SLURM_CONF PATH="$work/near:$PATH" "$root/attn-crnn" "$@"; }
expect 0 far deploy --sbatch time=01:00:00 -- --epochs 2 --folds 3 --copies 1 "${training[@]}"
name=$(run)
expect 0 far monitor -c
says "over 3"
[ -s "analysis_results/$name/report.html" ] || fail "no report was fetched over ssh"
expect 0 far deploy --sbatch time=01:00:00 -- "${long[@]}" "${training[@]}"
for _ in $(seq 100); do ! grep -q "epoch 1/" "$cluster_dir/logs/$(run)/remote.log" 2>/dev/null || break; sleep 0.5; done
expect 0 far stop
says "ended with 130"
expect 0 far fetch
says "verified by hash"
say "ok: the same over ssh"

[ -z "$(find "$work" "$HOME" -maxdepth 4 -name pwned -newer "$SLURM_CONF" 2>/dev/null)" ] ||
    fail "a name was run as a command"
say "passed"
