# shellcheck shell=bash
# A cluster of one machine, sourced by the tests in this folder: starts munged, slurmctld and slurmd with their own
# configuration, and stops them when the test ends. KEEP=1 keeps the folder with all logs.
# Defines: root, the clone; work, a temporary folder; say, fail, started, start and free_port.
set -euo pipefail
root=$(readlink -f "$(dirname "${BASH_SOURCE[0]}")/../..")
PATH=$PATH:/usr/sbin:/sbin

say() { printf '%s\n' "$*"; }
fail() {
    say "failed: $*"
    [ -z "${work:-}" ] || tail -n 20 "$work"/*.log >&2 || true
    exit 1
}

[ "$(id -u)" = 0 ] || fail "slurmd must be root to start jobs"
for program in munged slurmctld slurmd sbatch; do
    command -v "$program" >/dev/null || fail "$program not found: apt-get install slurm-wlm munge"
done
"$root/attn-crnn" --version >/dev/null

work=$(mktemp -d)
started=()
export SLURM_CONF=$work/slurm.conf
stop() {
    if [ -S "$work/munge.socket" ]; then
        scancel --user=root >/dev/null 2>&1 || true
        for _ in $(seq 50); do [ -n "$(squeue --noheader 2>/dev/null)" ] || break; sleep 0.2; done
    fi
    # In reverse order: the daemons need munge to shut down.
    for ((i = ${#started[@]} - 1; i >= 0; i--)); do
        kill "${started[i]}" 2>/dev/null || true
        wait "${started[i]}" 2>/dev/null || true
    done
    if [ "${KEEP:-}" = 1 ]; then say "kept: $work"; else rm -rf "$work"; fi
}
trap stop EXIT

free_port() {
    local port
    while port=$((20000 + RANDOM)); (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
    echo "$port"
}

host=$(hostname -s)
mkdir "$work/state" "$work/spool"
head -c 1024 /dev/urandom >"$work/munge.key"
chmod 600 "$work/munge.key"
# More processors than exist, so that tasks run concurrently; no cgroups, which a container may not use.
cat >"$SLURM_CONF" <<END
ClusterName=here
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$work/munge.socket
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc=$work/completed.txt
MpiDefault=none
SwitchType=switch/none
MailProg=/bin/true
SlurmdParameters=config_overrides
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=batch_sched_delay=0,sched_interval=1
MinJobAge=600
KillWait=5
ReturnToService=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=16 RealMemory=65536 State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
END

start() {
    "$@" >>"$work/daemons.log" 2>&1 &
    started+=($!)
}
start munged --foreground --force --key-file="$work/munge.key" --socket="$work/munge.socket" \
    --pid-file="$work/munge.pid" --log-file="$work/munge.log" --seed-file="$work/munge.seed"
for _ in $(seq 50); do [ ! -S "$work/munge.socket" ] || break; sleep 0.1; done
start slurmctld -D -f "$SLURM_CONF"
start slurmd -D -f "$SLURM_CONF" -N "$host"
up() { [ "$(sinfo --noheader --format=%T 2>/dev/null)" = idle ]; }
for _ in $(seq 300); do ! up || break; sleep 0.1; done
up || fail "the cluster did not come up"
say "$(slurmd -V) is up"
